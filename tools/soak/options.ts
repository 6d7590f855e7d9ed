/**
 * What a soak can be told.
 *
 * @module
 */

/** How long and how hard to soak. */
export interface SoakOptions {
  readonly minutes: number;
  /** Aggregate trades per second, in the long run. */
  readonly ratePerSecond: number;
  readonly symbols: number;
  readonly seed: number;
  readonly readers: number;
  readonly faults: string;
  /** Where the report goes; `null` for the console alone. */
  readonly report: string | null;
}

/** Each kind every few seconds at 20,000 trades/s on two sockets each. */
const FAULTS = [
  ...["drop=1e-6", "policy=2e-7", "half-open=1e-7", "stall=1e-6", "lifetime=10m"],
  ...["skip=2e-5", "duplicate=1e-4", "reorder=1e-4", "leap=5e-6", "giant=2e-6"],
  ...["corrupt=5e-6", "mistype=5e-6", "zero=5e-6", "unknown=5e-6", "stranger=5e-6", "split=5e-6"],
  ...["late-ack=0.3", "no-ack=0.1", "rest-429=0.005", "rest-418=0.002", "rest-5xx=0.05"],
  ...["rest-slow=0.05", "rest-truncate=0.05", "rest-garble=0.05", "rest-miss=0.02"],
].join(",");

const DEFAULTS: SoakOptions = {
  minutes: 30,
  ratePerSecond: 20_000,
  symbols: 800,
  seed: 3,
  readers: 2,
  faults: FAULTS,
  report: null,
};

/** What `--help` prints. */
export const HELP = `Ingests from a simulated exchange at which something goes wrong all the time.

Usage: deno task soak [option …]

  --minutes N     how long (default: ${DEFAULTS.minutes})
  --rate N        trades per second in the long run (default: ${DEFAULTS.ratePerSecond})
  --symbols N     how many symbols (default: ${DEFAULTS.symbols})
  --seed N        the same seed gives the same market (default: ${DEFAULTS.seed})
  --readers N     processes that read all the time (default: ${DEFAULTS.readers})
  --faults PLAN   what goes wrong how often, as "deno task exchange --fault" takes it
  --report FILE   write a report in Markdown

Exit code 0 when nothing was lost, 1 when something is wrong.`;

/**
 * Reads the arguments.
 *
 * @throws {RangeError} If one cannot be understood.
 */
export function readOptions(args: readonly string[]): SoakOptions {
  const options: { -readonly [K in keyof SoakOptions]: SoakOptions[K] } = { ...DEFAULTS };
  for (let k = 0; k < args.length; k += 2) {
    const [name, value = ""] = [args[k]!, args[k + 1]];
    if (name === "--faults") options.faults = value;
    else if (name === "--report" && value !== "") options.report = value;
    else if (name === "--minutes") options.minutes = positive(name, value);
    else if (name === "--rate") options.ratePerSecond = positive(name, value);
    else if (name === "--symbols") options.symbols = positive(name, value);
    else if (name === "--seed") options.seed = positive(name, value);
    else if (name === "--readers") options.readers = positive(name, value);
    else throw new RangeError(`Cannot understand "${name} ${value}"`);
  }
  return options;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (text !== "" && value > 0 && value < Infinity) return value;
  throw new RangeError(`Cannot soak as ${name} must be a number > 0: current value is "${text}"`);
}
