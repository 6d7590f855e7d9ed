import { match, strictEqual } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { startHub } from "../../lib/live/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { postgresTest } from "../support/postgres_server.ts";
import { until } from "../support/programs.ts";

const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: true };
/** After so long a hub looks first whether another database is in the place of its own, ms. */
const LOOK_MS = 1_000;

postgresTest(
  "a hub says that the server of its database is away, and goes on when it is back",
  async (database, server) => {
    openWriter(database, { identity })[Symbol.dispose]();
    await using hub = await startHub({ open: () => openReader(database) });
    const ask = async (path: string) => {
      const response = await fetch(new URL(path, hub.url));
      return { status: response.status, body: await response.json() };
    };
    for (const path of ["api/health", "api/quality"]) {
      await until(async () => (await ask(path)).status === 200);
      await server.kill();
      await pause(1.1 * LOOK_MS);
      const { status, body } = await ask(path);
      strictEqual(status, 503, `${path}: ${JSON.stringify(body)}`);
      strictEqual(body.error.code, "no_database");
      match(body.error.message, /^Cannot reach PostgreSQL at /);
      await server.restart();
    }
    await until(async () => (await ask("api/health")).status === 200);
  },
);
