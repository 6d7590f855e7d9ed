/** Two groups of symbols that are joined, or a single symbol. */
interface Node {
  /** The symbols in order. */
  readonly leaves: readonly number[];
}

/**
 * Orders symbols so that those that are alike stand together, for a heat map.
 *
 * Average linkage on 1 - correlation, by chains of nearest neighbours: O(n^2) time and space. Of the
 * four ways to put two groups beside each other it takes the one whose meeting ends are most alike.
 *
 * @param count Number of symbols.
 * @param likeness Of two symbols, in [-1, 1]; NaN counts as 0.
 * @returns The symbols in order.
 */
export function orderByLikeness(
  count: number,
  likeness: (i: number, j: number) => number,
): number[] {
  if (count === 0) return [];
  const distances = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const value = likeness(i, j);
      distances[i * count + j] = distances[j * count + i] = 1 - (Number.isNaN(value) ? 0 : value);
    }
  }
  const alike = distances.slice();
  const nodes = Array.from({ length: count }, (_, i): Node | null => ({ leaves: [i] }));
  const chain: number[] = [];
  for (let joins = 0; joins < count - 1;) {
    if (chain.length === 0) chain.push(nodes.findIndex((node) => node !== null));
    const top = chain.at(-1)!;
    const before = chain.at(-2) ?? -1;
    const nearest = nearestTo(top, before, distances, nodes);
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    join(top, before, distances, nodes, alike);
    joins++;
  }
  return [...nodes.find((node) => node !== null)!.leaves];
}

/** The group nearest to one; of equally near ones the group before in the chain, then the first. */
function nearestTo(
  from: number,
  before: number,
  distances: Float64Array,
  nodes: readonly (Node | null)[],
): number {
  const count = nodes.length;
  let best = before;
  let least = before < 0 ? Infinity : distances[from * count + before]!;
  for (let i = 0; i < count; i++) {
    if (i === from || nodes[i] === null) continue;
    const distance = distances[from * count + i]!;
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

/** Joins two groups into the place of the first. */
function join(
  a: number,
  b: number,
  distances: Float64Array,
  nodes: (Node | null)[],
  alike: Float64Array,
): void {
  const count = nodes.length;
  const [sizeA, sizeB] = [nodes[a]!.leaves.length, nodes[b]!.leaves.length];
  for (let i = 0; i < count; i++) {
    const mean = (sizeA * distances[a * count + i]! + sizeB * distances[b * count + i]!) /
      (sizeA + sizeB);
    distances[a * count + i] = distances[i * count + a] = mean;
  }
  nodes[a] = { leaves: beside(nodes[a]!.leaves, nodes[b]!.leaves, alike, count) };
  nodes[b] = null;
}

/** Two orders put together, each as it is or turned around. */
function beside(
  left: readonly number[],
  right: readonly number[],
  alike: Float64Array,
  count: number,
): number[] {
  let best: number[] = [];
  let least = Infinity;
  for (const a of [left, left.toReversed()]) {
    for (const b of [right, right.toReversed()]) {
      const distance = alike[a.at(-1)! * count + b[0]!]!;
      if (distance < least) {
        least = distance;
        best = [...a, ...b];
      }
    }
  }
  return best;
}
