import { type RandomFaults, randomFaults, startExchange } from "../../exchange/mod.ts";
import type { ExchangeOptions } from "../exchange.ts";
import { type Context, ProgramError, UsageError } from "../program.ts";

/** How often a waiting replay says what it waits for, in ms. */
const AWAITING_MS = 2_000;

/** Runs the simulated exchange until the signal is aborted. */
export async function runExchange(
  options: ExchangeOptions,
  { signal, report }: Context,
): Promise<void> {
  const { port, seed, symbols, ratePerSecond, replay, speed, start } = options;
  const faults = faultsOf(options);
  await using market = await startExchange({
    port,
    faults,
    source: replay.length === 0
      ? { seed, symbols, ratePerSecond }
      : { files: replay, speed, start },
  }).catch((error) => {
    throw new ProgramError(error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  });
  const { wsUrl, restUrl } = market;
  report.print(
    options.json
      ? JSON.stringify({
        port: market.port,
        wsUrl,
        restUrl,
        symbols: market.symbols,
        pairs: market.truth.pairs,
      })
      : `Simulated exchange: --ws-url ${wsUrl} --rest-url ${restUrl}\n` +
        `Symbols: ${market.symbols.slice(0, 10).join(" ")}${
          market.symbols.length > 10 ? ` and ${market.symbols.length - 10} more` : ""
        }`,
  );
  const timer = setInterval(() => {
    const awaiting = market.awaiting();
    if (awaiting.length > 0) {
      report.progress(
        `The replay awaits ${
          awaiting.map((a) => `${a.symbol} (${a.streams.join(" or ")})`).join(", ")
        }`,
      );
    }
  }, AWAITING_MS);
  try {
    if (replay.length > 0) {
      market.finished.then(
        () => signal.aborted || report.info("The replay has ended; REST goes on"),
        (error) => report.warn(`The replay has stopped: ${error.message}`),
      );
    }
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    }
  } finally {
    clearInterval(timer);
  }
  const counts = [...faults.log.counts].map(([kind, count]) => `${count} ${kind}`);
  if (counts.length > 0) report.info(`Faults: ${counts.join(", ")}`);
}

function faultsOf({ seed, faults }: ExchangeOptions): RandomFaults {
  try {
    return randomFaults({ seed, plan: faults });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
