import { deepStrictEqual, ok } from "node:assert/strict";
import rooms, { MAY_IMPORT, MAY_USE, PURE_ROOMS } from "../../tools/rooms_lint.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

function messagesAt(path: string, source: string): string[] {
  return Deno.lint.runPlugin(rooms, `${ROOT}${path}`, source).map((d) => d.message);
}

function messages(place: string, source: string): string[] {
  return messagesAt(`lib/${place}`, source);
}

Deno.test.each([
  [
    "market/trade.ts",
    `import { a } from "../stats/mod.ts";`,
    "lib/market may not import lib/stats",
  ],
  ["bars/x.ts", `import type { A } from "../pairs/mod.ts";`, "lib/bars may not import lib/pairs"],
  ["bars/x.ts", `export * from "tandem/stats";`, "lib/bars may not import lib/stats"],
  ["live/x.ts", `await import("../apps/mod.ts");`, "lib/live may not import lib/apps"],
  ["live/x.ts", `import { a } from "tandem";`, "lib/live may not import lib/mod.ts"],
  ["pairs/x.ts", `export * from "../stats/ols.ts";`, "Import lib/stats through its mod.ts"],
  ["misc/x.ts", `import { a } from "../stats/mod.ts";`, 'Room "misc" is not listed in MAY_IMPORT'],
  ["feed/x.ts", `await import(name);`, "lib/feed/x.ts may not import what it does not name"],
])("import-direction refuses in lib/%s: %s", (place, source, message) => {
  deepStrictEqual(messages(place, source), [message]);
});

Deno.test.each([
  ["stats/x.ts", `import { a } from "./ols.ts";`],
  ["pairs/x.ts", `import { ols } from "../stats/mod.ts";`],
  ["apps/x.ts", `import { a } from "../notebook/mod.ts";`],
  ["feed/binance/x.ts", `import { a } from "../feed.ts"; import { b } from "../../market/mod.ts";`],
  ["mod.ts", `export * from "./stats/mod.ts";`],
  ["pairs/x.ts", `export { a }; const a = Math.abs(1);`],
  ["live/client/files/files_page.ts", `await import(name);`],
  ["feed/ccxt/gateway/library.ts", `await import(name);`],
])("import-direction lets lib/%s say %s", (place, source) => {
  deepStrictEqual(messages(place, source), []);
});

Deno.test.each([
  ["charts/pair.ts", `import { parseHTML } from "linkedom";`, "linkedom"],
  ["pairs/x.ts", `import * as Plot from "@observablehq/plot";`, "@observablehq/plot"],
  ["live/hub.ts", `import { zoom } from "d3-zoom";`, "d3-zoom"],
  ["bars/x.ts", `import { z } from "zod";`, "zod"],
  ["live/x.ts", `import { Command } from "commander";`, "commander"],
  ["live/x.ts", `import { DatabaseSync } from "node:sqlite";`, "node:sqlite"],
  ["stats/x.ts", `import { gunzipSync } from "node:zlib";`, "node:zlib"],
  ["live/client/x.ts", `import { connect } from "node:net";`, "node:net"],
  ["feed/x.ts", `import { ok } from "node:assert/strict";`, "node:assert/strict"],
  ["feed/x.ts", `import leftPad from "left-pad";`, "left-pad"],
])("import-direction refuses the package in lib/%s: %s", (place, source, specifier) => {
  deepStrictEqual(messages(place, source), [`lib/${place} may not import "${specifier}"`]);
});

Deno.test.each([
  ["charts/render.ts", `import { parseHTML } from "linkedom";`],
  ["charts/pair.ts", `import * as Plot from "@observablehq/plot";`],
  ["live/client/chart.ts", `import { zoom } from "d3-zoom";`],
  ["store/x.ts", `import { DatabaseSync } from "node:sqlite"; import { z } from "zod";`],
  ["exchange/x.ts", `import { gunzipSync } from "node:zlib";`],
  ["apps/x.ts", `import { Command } from "commander";`],
])("import-direction lets lib/%s use %s", (place, source) => {
  deepStrictEqual(messages(place, source), []);
});

Deno.test("import-direction lets one file load what only some use, when it is used", () => {
  const place = "bus/jetstream/library.ts";
  const name = "npm:@nats-io/jetstream@3.4.0";
  deepStrictEqual(
    messages(place, `await import("${name}"); import type { A } from "${name}";`),
    [],
  );
  const refused = [`Name "${name}" in the imports of deno.json: files use bare names`];
  deepStrictEqual(messages(place, `import { jetstream } from "${name}";`), refused);
  deepStrictEqual(messages("bus/x.ts", `await import("${name}");`), refused);
});

Deno.test("import-direction asks for bare names and for npm", () => {
  deepStrictEqual(messages("feed/x.ts", `import { z } from "npm:zod@4";`), [
    'Name "npm:zod@4" in the imports of deno.json: files use bare names',
  ]);
  const url = "https://example.com/a.ts";
  deepStrictEqual(messagesAt("tests/x_test.ts", `import "${url}";`), [
    `Import "${url}" from npm: no other registry`,
  ]);
  deepStrictEqual(messagesAt("tests/x_test.ts", `import "../lib/stats/ols.ts"; Date.now();`), []);
});

Deno.test("import-direction keeps the browser client free of server code", () => {
  const refused = "may import only types of";
  const place = "live/client/page.ts";
  deepStrictEqual(messages(place, `import { startHub } from "../hub.ts";`), [
    `lib/live/client ${refused} lib/live`,
  ]);
  deepStrictEqual(messages(place, `import { openReader } from "../../store/mod.ts";`), [
    `lib/live/client ${refused} lib/store`,
  ]);
  deepStrictEqual(messages(place, `import type { Hub } from "../hub.ts";`), []);
  deepStrictEqual(messages(place, `import { a } from "./chart.ts";`), []);
  deepStrictEqual(messages(place, `import { pairCharts } from "../../charts/mod.ts";`), []);
});

Deno.test.each([
  ["const t = Date.now();", "Date.now"],
  ["function f(now = Date.now) { return now; }", "Date.now"],
  ["const t = globalThis.performance.now();", "performance.now"],
  ["const r = Math.random();", "Math.random"],
  ["const id = crypto.randomUUID();", "crypto.randomUUID"],
  ["const t = Temporal.Now.instant();", "Temporal.Now"],
  ["const t = new Date();", "new Date()"],
  ["const t = Date();", "Date()"],
])("no-ambient refuses in a pure room: %s", (source, what) => {
  deepStrictEqual(messages("bars/x.ts", source), [
    `${what} in lib/bars: pass the time or the generator in`,
  ]);
});

Deno.test("no-ambient lets the feed read the clock and a pure room use a given time", () => {
  deepStrictEqual(messages("feed/x.ts", "const t = Date.now();"), []);
  deepStrictEqual(messages("charts/x.ts", "const t = new Date(0); setTimeout(() => {}, 1);"), []);
});

Deno.test("the tables name only rooms that exist in the table, and no cycle", () => {
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    MAY_IMPORT[from]!.some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    for (const other of allowed) ok(other in MAY_IMPORT, `${room} -> ${other}`);
    ok(!reaches(room, room), `${room} reaches itself`);
  }
  for (const room of PURE_ROOMS) ok(room in MAY_IMPORT, room);
  for (const places of Object.values(MAY_USE)) {
    for (const place of places) ok(place.split("/")[0]! in MAY_IMPORT, place);
  }
});
