import { strictEqual } from "node:assert/strict";
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
