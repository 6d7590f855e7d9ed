/** What a universe needs of a bar; any `Bar` will do. */
export interface UniverseBar {
  /** As the venue writes it. */
  readonly symbol: string;
  /** Price of the last trade; one that is not > 0 and finite is none. */
  readonly close: number;
  /** Whether trade ids prove that no trade of the interval is missing. */
  readonly complete: boolean;
  /** Quote volume; `null` or left out where it is not known. */
  readonly quoteVolume?: number | null;
  /** Number of trades; `null` or left out where it is not known. */
  readonly tradeCount?: number | null;
}

/** What a universe is. */
export interface UniverseOptions {
  /** Length of a bar in ms. */
  readonly intervalMs: number;
  /** Bars in the window; a whole number >= 2 `maxLag` + 5. */
  readonly windowBars: number;
  /** Most lagged differences a test can have; a whole number >= 1. @default {8} */
  readonly maxLag?: number;
  /** A symbol with a larger share of bars without a trade is left out. @default {0.05} */
  readonly maxStaleShare?: number;
}

/**
 * Fills in what is left out.
 *
 * @throws {RangeError} If an option is out of range.
 */
export function checkOptions(options: UniverseOptions): Required<UniverseOptions> {
  const { intervalMs, windowBars, maxLag = 8, maxStaleShare = 0.05 } = options;
  checkWhole("intervalMs", intervalMs, 1);
  checkWhole("maxLag", maxLag, 1);
  checkWhole("windowBars", windowBars, 2 * maxLag + 5);
  if (!(maxStaleShare >= 0 && maxStaleShare <= 1)) {
    throw new RangeError(
      `Cannot screen as "maxStaleShare" must be in [0, 1]: current value is ${maxStaleShare}`,
    );
  }
  return { intervalMs, windowBars, maxLag, maxStaleShare };
}

function checkWhole(name: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new RangeError(
      `Cannot screen as "${name}" must be a whole number >= ${least}: current value is ${value}`,
    );
  }
}
