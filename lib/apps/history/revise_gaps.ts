import type { Gap, GapState } from "../../market/mod.ts";
import type { IdRun } from "../../store/mod.ts";

/** What is known of a stretch of ids before and after trades were put into it. */
export interface Stretch {
  readonly venue: string;
  readonly symbol: string;
  /** The gaps recorded so far that touch the stretch. */
  readonly gaps: readonly Gap[];
  /** The ids that became known, ascending. */
  readonly found: readonly IdRun[];
  /** The ids that are still missing, ascending. */
  readonly missing: readonly IdRun[];
  /** When a missing run is followed by a trade, ms since the epoch. */
  readonly seenAtMs: number;
  /** The time now, ms since the epoch. */
  readonly nowMs: number;
}

interface Piece extends IdRun {
  readonly state: GapState;
  readonly openedAtMs: number;
  readonly closedAtMs: number | null;
}

/**
 * Returns the gaps to record for a stretch of ids: what was missing and is found is `repaired`, what
 * is missing is `lost` (nothing fetches it by itself), neighbours of one state are one gap. A gap
 * that a running feed repairs is left to it.
 */
export function reviseGaps(stretch: Stretch, isFollowed: boolean): Gap[] {
  const { gaps, found, missing, seenAtMs, nowMs, venue, symbol } = stretch;
  const edges = [...gaps.map(runOf), ...found, ...missing]
    .flatMap(({ firstId, lastId }) => [firstId, lastId + 1]);
  const cuts = [...new Set(edges)].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  const known = gaps.toSorted((a, b) => a.firstMissingId - b.firstMissingId);
  const knownRuns = known.map(runOf);
  for (const [k, firstId] of cuts.slice(0, -1).entries()) {
    const prior = known[indexOf(knownRuns, firstId)];
    const state = stateOf(
      prior,
      indexOf(found, firstId) >= 0,
      indexOf(missing, firstId) >= 0,
      isFollowed,
    );
    if (state === null) continue;
    const isAsBefore = prior?.state === state;
    const piece: Piece = {
      firstId,
      lastId: cuts[k + 1]! - 1,
      state,
      openedAtMs: prior?.openedAtMs ?? seenAtMs,
      closedAtMs: isAsBefore ? prior.closedAtMs : state === "open" ? null : nowMs,
    };
    const last = pieces.at(-1);
    if (last?.lastId === firstId - 1 && last.state === state) {
      pieces[pieces.length - 1] = {
        ...last,
        lastId: piece.lastId,
        closedAtMs: isAsBefore ? last.closedAtMs : piece.closedAtMs,
      };
    } else pieces.push(piece);
  }
  return pieces
    .map((piece): Gap => ({
      ...{ venue, symbol },
      firstMissingId: piece.firstId,
      lastMissingId: piece.lastId,
      openedAtMs: piece.openedAtMs,
      closedAtMs: piece.closedAtMs === null ? null : Math.max(piece.closedAtMs, piece.openedAtMs),
      state: piece.state,
    }))
    .filter((gap) => !gaps.some((known) => isSameGap(known, gap)));
}

function stateOf(
  prior: Gap | undefined,
  isFound: boolean,
  isMissing: boolean,
  isFollowed: boolean,
): GapState | null {
  if (prior?.state === "open" && isFollowed) return "open";
  if (isMissing) return "lost";
  if (prior === undefined) return null;
  return isFound ? "repaired" : prior.state;
}

function runOf(gap: Gap): IdRun {
  return { firstId: gap.firstMissingId, lastId: gap.lastMissingId };
}

/** Which of ascending runs holds an id, or -1. */
function indexOf(runs: readonly IdRun[], id: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (runs[middle]!.lastId < id) low = middle + 1;
    else high = middle;
  }
  return low < runs.length && runs[low]!.firstId <= id ? low : -1;
}

function isSameGap(a: Gap, b: Gap): boolean {
  return a.firstMissingId === b.firstMissingId && a.lastMissingId === b.lastMissingId &&
    a.state === b.state;
}

/** Returns ascending ids as runs. */
export function runsOf(ids: Iterable<number>): IdRun[] {
  const runs: { firstId: number; lastId: number }[] = [];
  for (const id of ids) {
    const last = runs.at(-1);
    if (last !== undefined && id <= last.lastId + 1) last.lastId = Math.max(last.lastId, id);
    else runs.push({ firstId: id, lastId: id });
  }
  return runs;
}

/** Returns the ids in `[fromId, toId]` that no run holds; runs ascend. */
export function missingRuns(known: readonly IdRun[], fromId: number, toId: number): IdRun[] {
  const missing: IdRun[] = [];
  let next = fromId;
  for (const { firstId, lastId } of known) {
    if (firstId > toId) break;
    if (firstId > next) missing.push({ firstId: next, lastId: firstId - 1 });
    next = Math.max(next, lastId + 1);
  }
  if (next <= toId) missing.push({ firstId: next, lastId: toId });
  return missing;
}
