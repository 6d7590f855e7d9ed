import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type HubActions, HubError, startHub } from "../../lib/live/mod.ts";
import { Market } from "./support/market.ts";

const RULE = { id: "up", watch: "price", symbol: "BTCUSDT", above: 100 };

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(new URL("api/alerts", url), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const { error, ...rest } = await response.json();
  return { status: response.status, code: error?.code, message: error?.message, ...rest };
}

Deno.test("POST /api/alerts hands checked rules to the ingest, and GET lists them", async () => {
  using market = new Market();
  market.add(3);
  const asked: unknown[] = [];
  const actions: HubActions = {
    changeAlerts: (put, remove) => {
      asked.push([put.map((rule) => rule.cooldown), remove]);
      return Promise.resolve(remove);
    },
  };
  await using hub = await startHub({ open: market.open, actions });
  const done = await post(hub.url, { put: [RULE], remove: ["old"] });
  deepStrictEqual(done.removed, ["old"]);
  deepStrictEqual(asked, [[["300s"], ["old"]]]);
  const listed = await (await fetch(new URL("api/alerts", hub.url))).json();
  deepStrictEqual(listed, { canChange: true, rules: [], alerts: [] });
});

Deno.test("POST /api/alerts refuses what it should, each with a reason", async () => {
  using market = new Market();
  const actions: HubActions = {
    changeAlerts: () => Promise.reject(new HubError(503, "no_ingest", "There is no ingest")),
  };
  await using hub = await startHub({ open: market.open, actions });
  await using reading = await startHub({ open: market.open });
  const cases: [Promise<{ status: number; code: string; message: string }>, string, RegExp][] = [
    [post(reading.url, { put: [RULE] }), "403 read_only", /only reads/],
    [post(hub.url, { put: [RULE] }), "503 no_ingest", /no ingest/],
    [post(hub.url, { put: [{ ...RULE, above: null }] }), "400 bad_request", /"up": "above" or/],
    [post(hub.url, { put: "all" }), "400 bad_request", /"put"/],
    [post(hub.url, "{"), "400 bad_request", /no JSON/],
    [post(hub.url, { put: "x".repeat(200_000) }), "413 too_large", /100000 characters/],
    [post(hub.url, "put=1", { "content-type": "text/plain" }), "415 not_json", /application\/json/],
    [post(hub.url, {}, { origin: "https://elsewhere.example" }), "403 wrong_origin", /elsewhere/],
  ];
  for (const [answer, expected, message] of cases) {
    const { status, code, message: said } = await answer;
    strictEqual(`${status} ${code}`, expected);
    match(said, message);
  }
});
