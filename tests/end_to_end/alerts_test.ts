/** Alerts as a user has them: rules in a file, ingest, a receiver; then rules changed while it runs. */
import { match, ok, strictEqual } from "node:assert/strict";
import { run, start, startIn, until } from "../support/programs.ts";

const SECRET = "a secret of the desk";

async function hmac(text: string): Promise<string> {
  const bytes = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes.encode(SECRET), algorithm, false, [
    "sign",
  ]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes.encode(text))).toHex();
}

Deno.test("ingest --alerts tells a receiver what fired, signed, and rules change while it runs", async () => {
  const folder = await Deno.makeTempDir();
  const taken: { text: string; signed: boolean }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const body = await request.text();
    const expected = await hmac(`${request.headers.get("tandem-timestamp")}.${body}`);
    const signed = request.headers.get("tandem-signature") === `sha256=${expected}`;
    taken.push({ text: JSON.parse(body).text, signed });
    return new Response("ok");
  });
  try {
    await using exchange = start(
      "exchange",
      "--port",
      "0",
      "--json",
      "--symbols",
      "2",
      "--rate",
      "200",
    );
    const { wsUrl, restUrl } = await exchange.json<{ wsUrl: string; restUrl: string }>();
    /** Rules for prices above and below that of now: wherever it goes, it passes one soon. */
    const ladder = async (name: string) => {
      const query = "symbol=BTCUSDT&limit=1";
      const [last] = await (await fetch(`${restUrl}/fapi/v1/aggTrades?${query}`)).json();
      return Array.from({ length: 41 }, (_, k) => ({
        ...{ id: `${name}-${k}`, watch: "price", symbol: "BTCUSDT", interval: "1s" },
        ...{ above: Number(last.p) * (1 + (k - 20) * 1e-4), cooldown: "0s", channels: ["desk"] },
      }));
    };
    const url = `http://127.0.0.1:${server.addr.port}/hook`;
    const channels = { desk: { kind: "webhook", url, secret: "env:DESK", allowPrivate: true } };
    const file = `${folder}/alerts.json`;
    const first = await ladder("first");
    await Deno.writeTextFile(file, JSON.stringify({ channels, rules: first }));
    const database = ["--db", `${folder}/tandem.db`];
    await using ingest = startIn(
      { DESK: SECRET },
      "ingest",
      ...["BTCUSDT", "--ws-url", wsUrl, "--rest-url", restUrl, "--warm", "0", "--alerts", file],
      ...database,
    );
    await until(() => taken.length > 0, 90_000);
    match(taken[0]!.text, /^SIMULATED: price of BTCUSDT \(1s\) rose to .*\(first-\d+, 20/);
    ok(taken.every((t) => t.signed));

    await Deno.writeTextFile(file, JSON.stringify({ rules: await ladder("second") }));
    const put = await run("alerts", "put", file, ...database);
    strictEqual(put.code, 0, put.err);
    const ids = [...first.map(({ id }) => id), "absent"];
    strictEqual((await run("alerts", "remove", ...ids, ...database)).code, 0);
    await until(() => taken.some((t) => t.text.includes("(second-")), 90_000);
    strictEqual(await ingest.stop(), 0, ingest.err);

    const { out } = await run("alerts", "--json", ...database);
    const { rules, alerts } = JSON.parse(out);
    strictEqual(rules.length, 41);
    ok(rules.every((kept: { rule: { id: string } }) => kept.rule.id.startsWith("second-")));
    ok(alerts.length >= 2);
    const gone = await run("alerts", "put", file, ...database);
    strictEqual(gone.code, 1);
    match(gone.err, /Cannot reach an ingest as none is writing/);
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
});
