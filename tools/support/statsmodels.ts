import { run } from "./process.ts";

/** Debian's Python; statsmodels is its package python3-statsmodels. */
const PYTHON = "/usr/bin/python3";

const SCRIPT = `
import json, sys, time, warnings
import numpy
from statsmodels.tsa.stattools import coint

warnings.simplefilter("ignore")
given = json.load(open(sys.argv[1]))
series = [numpy.array(values) for values in given["series"]]
start = time.perf_counter()
statistics = [
    float(coint(series[y], series[x], trend="c", maxlag=given["lag"], autolag=None)[0])
    for y, x in given["pairs"]
]
seconds = time.perf_counter() - start
print(json.dumps({"statistics": statistics, "seconds": seconds}))
`;

/** What statsmodels answers. */
export interface StatsmodelsAnswer {
  /** The t-ratio of each pair. */
  readonly statistics: readonly number[];
  /** How long the tests took, without starting Python. */
  readonly seconds: number;
}

/** Whether Debian's statsmodels is installed. */
export async function hasStatsmodels(): Promise<boolean> {
  return (await run(PYTHON, ["-c", "import statsmodels.tsa.stattools"])).code === 0;
}

/**
 * Engle-Granger t-ratios of ordered pairs by statsmodels' `coint` with a fixed lag.
 *
 * @param series Log prices; they are centred, as statsmodels itself loses digits on those that are not.
 * @param pairs Dependent series and regressor of each test.
 * @param lag Lagged differences.
 */
export async function statsmodelsCoint(
  series: readonly (readonly number[])[],
  pairs: readonly (readonly [number, number])[],
  lag: number,
): Promise<StatsmodelsAnswer> {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const centred = series.map((values) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.map((value) => value - mean);
    });
    await Deno.writeTextFile(file, JSON.stringify({ series: centred, pairs, lag }));
    const { code, output } = await run(PYTHON, ["-c", SCRIPT, file]);
    if (code !== 0) throw new Error(`Cannot ask statsmodels: ${output}`);
    return JSON.parse(output.split("\n").at(-1)!);
  } finally {
    await Deno.remove(file);
  }
}
