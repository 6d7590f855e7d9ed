import { ccxtHosts } from "./ccxt_hosts.ts";
import { baseUrl, hostOf, option, wholeNumber } from "./options.ts";
import { type Program, UsageError } from "./program.ts";
import { proxyOption } from "./proxy.ts";

/** What `deno task ccxt` was asked to do. */
export interface CcxtOptions {
  /** What ccxt calls the venues. */
  readonly venues: readonly string[];
  readonly port: number;
  /** Where all of them are reached instead of where they are; `null` for there. */
  readonly url: string | null;
  /** What it may reach. */
  readonly hosts: readonly string[];
}

/** Where an ingest looks for it. */
const PORT = 8_790;

/** `deno task ccxt`: venues that ccxt knows, for an ingest on this machine. */
export const ccxt: Program<CcxtOptions> = {
  name: "ccxt",
  describe(command) {
    command
      .description(
        "Reach venues through ccxt, for an ingest on this machine. ccxt is fetched at the first use " +
          "and nowhere else loaded; the process may reach the hosts of these venues and no others.",
      )
      .argument("[venues...]", "what ccxt calls them, such as kraken, coinbase, deribit")
      .addOption(
        option("--port <port>", "port on this machine; 0 for any free one, which is printed")
          .argParser(wholeNumber(0, 65_535)).default(PORT),
      )
      .addOption(
        option(
          "--venue-url <url>",
          "where the venues are reached instead, such as a simulated exchange",
        )
          .argParser(baseUrl("http", "https")),
      )
      .addOption(proxyOption())
      .addHelpText(
        "after",
        `
Examples:
  deno task ccxt kraken
  deno task ingest kraken:BTC/USD:USD          (in another terminal)
  deno task ccxt coinbase deribit --port 8791
  deno task ingest coinbase:BTC/USD --ccxt-url http://127.0.0.1:8791

Less can be promised of what comes through ccxt: see docs/add_a_venue.md.`,
      );
  },
  read(command, place) {
    const o = command.opts();
    const venues = [...new Set(command.args.map((name) => name.toLowerCase()))];
    if (venues.length === 0) {
      throw new UsageError(
        `Cannot start ccxt as no venue is named: give what ccxt calls it, such as "kraken"`,
      );
    }
    const url: string | null = o.venueUrl ?? null;
    const own = ccxtHosts(venues, place);
    return { venues, port: o.port, url, hosts: url === null ? own : [hostOf(url)] };
  },
  permissions: ({ port, hosts }) => ({
    net: [`127.0.0.1:${port}`, ...hosts],
    // What a part of ccxt for sockets asks for.
    env: ["WS_NO_BUFFER_UTIL", "WS_NO_UTF_8_VALIDATE"],
  }),
  apart: { module: "lib/feed/ccxt/gateway/main.ts", config: "lib/feed/ccxt/gateway/ccxt.json" },
  run: () => Promise.reject(new TypeError("Cannot run ccxt here: it runs apart")),
};
