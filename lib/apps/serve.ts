import {
  databaseOption,
  databasePath,
  listenAddress,
  option,
  sizeBytes,
  wholeNumber,
} from "./options.ts";
import type { Program } from "./program.ts";
import { storeFolder } from "./store_access.ts";

/** What `deno task serve` was asked to do. */
export interface ServeOptions {
  readonly database: string;
  readonly hostname: string;
  readonly port: number;
  /** Required of every request when others than this machine can reach it; `null` on loopback. */
  readonly token: string | null;
  readonly json: boolean;
  /** Whether pages can change nothing: neither alerts nor what is stored. */
  readonly readOnly: boolean;
  /** A file of more bytes cannot be sent. */
  readonly mostUploadBytes: number;
}

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];

/** `deno task serve`: the live view of a database. */
export const serve: Program<ServeOptions> = {
  name: "serve",
  describe(command) {
    command
      .description("Show a database in the browser: prices, spread, z-score and hedge ratio, live.")
      .addOption(databaseOption())
      .addOption(
        option("--port <port>", "port; 0 for any free one").argParser(wholeNumber(0, 65_535))
          .default(8787),
      )
      .addOption(
        option("--host <address>", "address to listen on").argParser(listenAddress).default(
          "127.0.0.1",
        ),
      )
      .addOption(option("--token <text>", "required with another --host; made up when not given"))
      .option("--read-only", "pages can change nothing, neither alerts nor what is stored")
      .addOption(
        option("--max-upload <size>", "largest file that a page can send").argParser(sizeBytes)
          .default(1e9, "1GB"),
      )
      .option("--json", "one JSON line with the address, for programs")
      .addHelpText(
        "after",
        `
Examples:
  deno task serve
  deno task serve --db data/btc.db --port 9000
  deno task serve --read-only

It reads the database, keeps the files that its page sends (through the ingest that writes it, where
one does), and reaches no other host. With --host other than this machine's own
addresses every request must carry the token.`,
      );
  },
  read(command, place) {
    const o = command.opts();
    const isLoopback = LOOPBACK.includes(o.host);
    return {
      database: databasePath(o.db, place),
      hostname: o.host,
      port: o.port,
      token: o.token ?? (isLoopback ? null : crypto.randomUUID()),
      json: o.json === true,
      readOnly: o.readOnly === true,
      mostUploadBytes: o.maxUpload,
    };
  },
  permissions: ({ database, hostname, port, readOnly }, place) => ({
    // Without a port: what a page changes goes to the control endpoint of the ingest.
    net: [`${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`, "127.0.0.1"],
    read: [storeFolder(database), `${place.project}/lib/live`],
    ...(readOnly ? {} : { write: [storeFolder(database)], sys: ["hostname"] }),
  }),
  async run(options, context) {
    const { runServe } = await import("./serve/run_serve.ts");
    await runServe(options, context);
  },
};
