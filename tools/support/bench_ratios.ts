/** What `deno bench --json` prints, version 1; times in ns. */
export interface BenchOutput {
  /** The version of the format. */
  readonly version: number;
  /** Version and platform of Deno. */
  readonly runtime: string;
  /** The processor. */
  readonly cpu: string;
  /** The benches, in the order they ran. */
  readonly benches: readonly {
    readonly origin: string;
    readonly group: string | null;
    readonly name: string;
    readonly baseline: boolean;
    readonly results: readonly {
      readonly ok?: { readonly p75: number };
      readonly failed?: unknown;
    }[];
  }[];
}

/** A bench measured against the reference of its group, in one run. */
export interface BenchRatio {
  /** `file > group > name`. */
  readonly id: string;
  /** Its 75th percentile, in ns. */
  readonly p75Ns: number;
  /** Its 75th percentile over that of the reference; below 1 is faster. */
  readonly ratio: number;
}

/** The committed ratios. */
export interface Baseline {
  /** The day they were measured, `YYYY-MM-DD`. */
  readonly date: string;
  /** The processor and the number of its cores. */
  readonly machine: string;
  /** Version and platform of Deno. */
  readonly runtime: string;
  /** Bench -> ratio to the reference of its group. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** A bench beside its committed ratio. */
export interface Comparison extends BenchRatio {
  /** The committed ratio, or `null` for a bench that is not in the baseline. */
  readonly expected: number | null;
  /** `slower`: beyond the tolerance. */
  readonly state: "ok" | "new" | "slower";
}

/**
 * Returns each bench's time as a ratio to the reference of its group.
 *
 * Times differ from machine to machine and from hour to hour; the ratio of two benches of the same
 * run hardly does.
 *
 * @param output What `deno bench --json` printed.
 * @returns The ratios, without the references, in the order they ran.
 * @throws {Error} If a bench failed, or its group has no reference (`baseline: true`).
 */
export function benchRatios(output: BenchOutput): BenchRatio[] {
  if (output.version !== 1) {
    throw new Error(`Cannot read deno bench --json as version must be 1: it is ${output.version}`);
  }
  const measured = output.benches.map((bench) => {
    const file = bench.origin.split("/").at(-1)!;
    const id = `${file} > ${bench.group ?? "-"} > ${bench.name}`;
    const p75Ns = bench.results[0]?.ok?.p75;
    if (p75Ns === undefined) throw new Error(`Cannot compare "${id}" as it failed`);
    return { id, p75Ns, baseline: bench.baseline, group: `${bench.origin} ${bench.group ?? ""}` };
  });
  const references = new Map(
    measured.filter((bench) => bench.baseline).map((bench) => [bench.group, bench.p75Ns]),
  );
  return measured.filter((bench) => !bench.baseline).map(({ id, p75Ns, group }) => {
    const reference = references.get(group);
    if (reference === undefined) {
      throw new Error(`Cannot compare "${id}" as no bench of its group has "baseline: true"`);
    }
    return { id, p75Ns, ratio: p75Ns / reference };
  });
}

/**
 * Returns for each bench whether it kept its ratio.
 *
 * @param ratios The ratios of this run.
 * @param expected The committed ratios.
 * @param factor How much larger a ratio may be; >= 1.
 * @returns One comparison per ratio, in the same order.
 */
export function compareRatios(
  ratios: readonly BenchRatio[],
  expected: Readonly<Record<string, number>>,
  factor: number,
): Comparison[] {
  return ratios.map((bench) => {
    const before = expected[bench.id] ?? null;
    const state = before === null ? "new" : bench.ratio > before * factor ? "slower" : "ok";
    return { ...bench, expected: before, state };
  });
}
