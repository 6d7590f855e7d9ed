/** What both stores do alike at their doors. */
import { match, strictEqual, throws } from "node:assert/strict";
import { openReader, openWriter, openWriterThread } from "../../lib/store/mod.ts";
import { storeTest } from "./support/stores.ts";

const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

for (const [name, open] of Object.entries({ openWriter, openWriterThread })) {
  storeTest(`StoreWriter.markSimulated() of ${name}() says so, and it stays`, async (database) => {
    {
      using writer = await open(database, { identity });
      using reader = openReader(database);
      strictEqual(reader.heartbeat()!.simulated, false);
      writer.markSimulated();
      strictEqual(reader.heartbeat()!.simulated, true);
    }
    using _again = openWriter(database, { identity });
    using reader = openReader(database);
    strictEqual(reader.heartbeat()!.simulated, true);
  });
}

storeTest("who is refused a database is told who writes it, and since when", (database) => {
  const refused = () => openWriter(database, { identity: { ...identity, pid: 8 } });
  const text = (holder: string) => (error: unknown) => {
    const { message } = error as Error;
    match(message, /^Cannot write ".*" as another program is writing it \(.*\): use "deno task st/);
    match(message, new RegExp(`\\(${holder}\\)`));
    return !message.includes("process 8");
  };
  {
    using _first = openWriter(database, { identity });
    throws(refused, text("process 7 on here, started 1970-01-01T00:00:01.000Z"));
  }
  using _next = openWriter(database, { identity: { ...identity, pid: 9, startedAtMs: 60_000 } });
  throws(refused, text("process 9 on here, started 1970-01-01T00:01:00.000Z"));
});
