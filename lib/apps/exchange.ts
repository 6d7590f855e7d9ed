import { resolve } from "node:path";
import { option, positiveNumber, wholeNumber } from "./options.ts";
import { type Program, UsageError } from "./program.ts";

/** What `deno task exchange` was asked to do. */
export interface ExchangeOptions {
  readonly port: number;
  readonly seed: number;
  readonly symbols: number;
  readonly ratePerSecond: number;
  /** Captured files to replay; empty for the seeded market. */
  readonly replay: readonly string[];
  readonly speed: number | "max";
  readonly start: "subscribed" | "now";
  /** What goes wrong how often, as `parseFaultPlan()` reads it; empty for nothing. */
  readonly faults: string;
  readonly json: boolean;
}

/** `deno task exchange`: a simulated Binance USD-M exchange on this machine. */
export const exchange: Program<ExchangeOptions> = {
  name: "exchange",
  describe(command) {
    command
      .description(
        "Run a simulated exchange on this machine: a seeded market, or captured lines replayed.",
      )
      .addOption(
        option("--port <port>", "port; 0 for any free one, which is printed")
          .argParser(wholeNumber(0, 65_535)).default(0),
      )
      .addOption(
        option("--seed <number>", "the same seed gives the same market")
          .argParser(wholeNumber(0, 2 ** 31)).default(1),
      )
      .addOption(
        option("--symbols <count>", "symbols of the seeded market")
          .argParser(wholeNumber(1, 2_000)).default(20),
      )
      .addOption(
        option("--rate <trades>", "trades per second, all symbols together")
          .argParser(positiveNumber).default(200),
      )
      .addOption(
        option("--replay <file...>", "captured lines: <local time ns> <raw JSON>, gzip or plain"),
      )
      .addOption(
        option("--speed <factor>", `speed of a replay: a number, or "max"`)
          .argParser((text) => text === "max" ? text : positiveNumber(text)).default(1),
      )
      .addOption(
        option("--start <when>", "begin a replay when all its symbols are subscribed, or now")
          .choices(["subscribed", "now"]).default("subscribed"),
      )
      .addOption(
        option("--fault <plan>", "what goes wrong how often; can be given several times")
          .argParser((text, before: string[] = []) => [...before, text]),
      )
      .option("--json", "one JSON line with the addresses, for programs")
      .addHelpText(
        "after",
        `
Examples:
  deno task exchange --port 9000 --symbols 50 --rate 1000 --seed 7
  deno task exchange --replay capture/btcusdt_*.gz --speed max
  deno task exchange --fault skip=0.01,drop=0.001 --fault rest-5xx=0.2,lifetime=30s

Faults, each with a probability from 0 to 1:
  of a trade       skip vanish duplicate reorder corrupt mistype zero unknown stranger split giant
                   leap, and jump: the clock is off from then on
  of a connection  drop policy half-open stall   drawn with every trade
  of an answer     late-ack no-ack rest-429 rest-418 rest-451 rest-5xx rest-slow rest-truncate
                   rest-garble rest-miss
and by the clock: lifetime=30s closes connections by age, listing=1m and delisting=5m change what
the seeded market trades.`,
      );
  },
  read(command, place) {
    const o = command.opts();
    const replay: string[] = (o.replay ?? []).map((f: string) => resolve(place.working, f));
    if (replay.length === 0 && command.getOptionValueSource("speed") === "cli") {
      throw new UsageError(
        "Cannot use --speed without --replay: the seeded market runs at speed 1",
      );
    }
    return {
      port: o.port,
      seed: o.seed,
      symbols: o.symbols,
      ratePerSecond: o.rate,
      replay,
      speed: o.speed,
      start: o.start,
      faults: (o.fault ?? []).join(","),
      json: o.json === true,
    };
  },
  permissions: ({ port, replay }) => ({ net: [`127.0.0.1:${port}`], read: replay }),
  async run(options, context) {
    const { runExchange } = await import("./exchange/run_exchange.ts");
    await runExchange(options, context);
  },
};
