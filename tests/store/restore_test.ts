import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { backupDatabase, openReader, openWriter, restoreDatabase } from "../../lib/store/mod.ts";
import { STEPS } from "../../lib/store/database.ts";
import { run } from "../support/programs.ts";
import { DAY_MS, fill, openStore, policy, START_MS, tradesOf, withFolder } from "./support/days.ts";

const SYMBOL = "BTCUSDT";
const never = new AbortController().signal;
const MOVE = policy(START_MS + 4 * DAY_MS, { archiveAfterMs: DAY_MS / 2 });
const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test(
  "restoreDatabase() brings back every trade after the database and its days are gone",
  withFolder(async (path, folder) => {
    const trades = tradesOf(SYMBOL, { days: 4, perDay: 300 });
    Deno.mkdirSync(`${folder}/backup`);
    {
      using writer = openStore(path);
      fill(writer, trades);
      await writer.housekeep(MOVE, never);
      await backupDatabase(path, `${folder}/backup/copy.db`);
    }
    for (const name of names(folder)) {
      if (name !== "backup") Deno.removeSync(`${folder}/${name}`, { recursive: true });
    }
    const { days } = await restoreDatabase(`${folder}/backup/copy.db`, path);
    strictEqual(days, 3);
    Deno.removeSync(`${folder}/backup`, { recursive: true });
    using reader = openReader(path);
    deepStrictEqual(reader.trades({ symbol: SYMBOL }), trades);
    deepStrictEqual(names(folder), ["archive", "tandem.db", "tandem.db.lock"]);
  }),
);

Deno.test(
  "restoreDatabase() does not take the log of the old database for that of the new one",
  withFolder(async (path, folder) => {
    const trades = tradesOf(SYMBOL, { days: 1, perDay: 400 });
    const writer = openStore(path);
    fill(writer, trades.slice(0, 100));
    await backupDatabase(path, `${folder}/copy.db`);
    // A process that dies leaves its log: it holds what is not in the file yet.
    fill(writer, trades.slice(100));
    for (const ending of ["", "-wal"]) {
      Deno.copyFileSync(`${path}${ending}`, `${folder}/dead.db${ending}`);
    }
    writer[Symbol.dispose]();
    ok(Deno.statSync(`${folder}/dead.db-wal`).size > 0);
    await rejects(
      restoreDatabase(`${folder}/copy.db`, `${folder}/dead.db`),
      /Cannot restore to ".*dead.db" as there is ".*dead.db": --replace keeps it/,
    );
    await restoreDatabase(`${folder}/copy.db`, `${folder}/dead.db`, { keepAs: ".old" });
    using restored = openReader(`${folder}/dead.db`);
    using kept = openReader(`${folder}/dead.db.old`);
    deepStrictEqual(restored.trades({ symbol: SYMBOL }), trades.slice(0, 100));
    deepStrictEqual(kept.trades({ symbol: SYMBOL }), trades);
  }),
);

Deno.test(
  "restoreDatabase() leaves all as it was when it cannot restore",
  withFolder(async (path, folder) => {
    const trades = tradesOf(SYMBOL, { days: 1, perDay: 300 });
    {
      using writer = openStore(path);
      fill(writer, trades);
      await backupDatabase(path, `${folder}/copy.db`);
      await rejects(
        restoreDatabase(`${folder}/copy.db`, path, { keepAs: ".old" }),
        /is writing it/,
      );
    }
    const bytes = Deno.readFileSync(`${folder}/copy.db`);
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 8_192);
    Deno.writeFileSync(`${folder}/damaged.db`, bytes);
    Deno.writeTextFileSync(`${folder}/text.db`, "no database at all, but long enough to be one");
    const before = names(folder);
    for (
      const [name, message] of [
        ["damaged.db", /damaged|copy of the database/],
        ["text.db", /is not a SQLite database/],
        ["gone.db", /Cannot restore ".*gone.db" as there is no such file/],
      ] as const
    ) {
      await rejects(restoreDatabase(`${folder}/${name}`, path, { keepAs: ".old" }), message);
      deepStrictEqual(names(folder), before);
    }
    using reader = openReader(path);
    deepStrictEqual(reader.trades({ symbol: SYMBOL }), trades);
  }),
);

Deno.test(
  "restoreDatabase() takes backups of every earlier version, which a writer brings up to date",
  withFolder(async (path, folder) => {
    for (let version = 1; version < STEPS.length; version++) {
      const old = `${folder}/old${version}.db`;
      {
        const db = new DatabaseSync(old);
        for (const step of STEPS.slice(0, version)) db.exec(step);
        db.exec(`PRAGMA application_id = ${0x54414e44}; PRAGMA user_version = ${version}`);
        db.close();
      }
      await restoreDatabase(old, path, { keepAs: `.${version}` });
      const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
      openWriter(path, { identity })[Symbol.dispose]();
      using reader = openReader(path);
      deepStrictEqual(reader.symbols(), []);
    }
  }),
);

Deno.test(
  "restore sets a database aside with --replace, and says what it is called now",
  withFolder(async (path, folder) => {
    {
      using writer = openStore(path);
      fill(writer, tradesOf(SYMBOL, { days: 1, perDay: 100 }));
    }
    strictEqual((await run("backup", `${folder}/b/copy.db`, "--db", path)).code, 0);
    const refused = await run("restore", `${folder}/b/copy.db`, "--db", path);
    strictEqual(refused.code, 1);
    match(refused.err, /^Cannot restore to .* --replace keeps it under another name/);
    const { code, out, err } = await run(
      ...["restore", `${folder}/b/copy.db`, "--db", path, "--replace"] as const,
    );
    strictEqual(code, 0, err);
    match(out, /tandem\.db: \d+\.\d MiB, checked\nWhat was there is now (.*\.replaced-.*Z)\n$/);
    using kept = openReader(/is now (.*)\n/.exec(out)![1]!);
    using restored = openReader(path);
    deepStrictEqual(restored.trades({ symbol: SYMBOL }), kept.trades({ symbol: SYMBOL }));
  }),
);
