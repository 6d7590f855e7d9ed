import { option, positiveNumber, wholeNumber } from "./options.ts";
import type { Place, Program } from "./program.ts";

/** What `deno task demo` was asked to do. */
export interface DemoOptions {
  readonly port: number;
  readonly symbols: number;
  readonly ratePerSecond: number;
  readonly seed: number;
  readonly database: string;
  readonly place: Place;
}

/** `deno task demo`: simulated exchange, ingestion and live view in one command, offline. */
export const demo: Program<DemoOptions> = {
  name: "demo",
  describe(command) {
    command
      .description(
        "Start a simulated exchange, ingest its trades and show them live. Needs no network.",
      )
      .addOption(
        option("--port <port>", "port of the live view; 0 for any free one")
          .argParser(wholeNumber(0, 65_535)).default(8787),
      )
      .addOption(
        option("--symbols <count>", "symbols of the simulated market")
          .argParser(wholeNumber(2, 2_000)).default(20),
      )
      .addOption(
        option("--rate <trades>", "trades per second, all symbols together")
          .argParser(positiveNumber).default(200),
      )
      .addOption(
        option("--seed <number>", "the same seed gives the same market")
          .argParser(wholeNumber(0, 2 ** 31)).default(1),
      )
      .addHelpText(
        "after",
        "\nExamples:\n  deno task demo\n  deno task demo --port 9000 --symbols 100 --rate 2000 --seed 7",
      );
  },
  read(command, place) {
    const o = command.opts();
    return {
      port: o.port,
      symbols: o.symbols,
      ratePerSecond: o.rate,
      seed: o.seed,
      database: `${place.project}/data/demo-${o.port}.db`,
      place,
    };
  },
  permissions: ({ port }, place) => ({
    net: ["127.0.0.1", `127.0.0.1:${port}`],
    read: [place.project],
    write: [`${place.project}/data`],
    run: [Deno.execPath()],
  }),
  async run(options, context) {
    const { runDemo } = await import("./demo/run_demo.ts");
    await runDemo(options, context);
  },
};
