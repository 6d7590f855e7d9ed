/**
 * Lint plugin: which room of `lib/` may import which, and what keeps a room pure.
 *
 * A room is a folder of `lib/`; it is entered through its `mod.ts`. The tables below are the house
 * rules; changing one is a decision, not a fix.
 *
 * @module
 */
import { dirname, resolve } from "node:path";

const INNER_ROOMS = {
  market: [],
  stats: [],
  metrics: [],
  streams: [],
  files: ["market"],
  feed: ["market", "streams", "files"],
  exchange: ["market", "streams", "feed", "stats", "files"],
  bars: ["market"],
  store: ["market"],
  bus: ["market", "streams"],
  pairs: ["market", "stats", "bars"],
  universe: ["market", "stats", "bars"],
  backtest: ["market", "stats", "bars", "pairs"],
  alerts: ["market", "pairs", "store"],
  charts: ["market", "pairs", "universe", "backtest"],
  tables: ["market", "files", "bars", "store", "pairs", "universe", "backtest"],
  live: [
    ...["market", "stats", "streams", "files", "store", "bus", "pairs"],
    ...["universe", "backtest", "alerts", "charts", "tables", "metrics"],
  ],
};

/** Room -> rooms it may import. A room may always import itself. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  ...INNER_ROOMS,
  notebook: Object.keys(INNER_ROOMS),
  apps: [...Object.keys(INNER_ROOMS), "notebook"],
};

/** Rooms that own no clock and no randomness: both are arguments. */
export const PURE_ROOMS: readonly string[] = [
  ...["market", "stats", "metrics", "streams", "bars", "pairs"],
  ...["universe", "backtest", "charts", "files"],
];

/** Package -> places below `lib/` that may import it: a room, a folder or a file. */
export const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  "../../deno.json": ["apps/permissions.ts"],
  "@zip.js/zip.js": ["files/zip.ts"],
  "@observablehq/plot": ["charts", "live/client"],
  "commander": ["apps"],
  "d3-*": ["charts", "live/client"],
  "hyparquet": ["store/parquet"],
  "hyparquet/src/column.js": ["store/parquet"],
  "hyparquet-writer": ["store/parquet"],
  "hyparquet-writer/src/datapage.js": ["store/parquet"],
  "hyparquet-writer/src/delta.js": ["store/parquet"],
  "hyparquet-writer/src/encoding.js": ["store/parquet"],
  "linkedom": ["charts/render.ts"],
  "ml-matrix": ["stats"],
  "node:assert": [],
  "node:sqlite": ["store"],
  "simple-statistics": ["stats"],
  "zod": ["feed", "live", "store", "alerts", "apps"],
};

/**
 * Packages that only who uses them downloads: specifier -> the file below `lib/` that may import it,
 * its types or with `import()`. They are not in the imports of deno.json, which everyone downloads.
 */
export const LAZY: Readonly<Record<string, string>> = {
  "npm:@nats-io/jetstream@3.4.0": "bus/jetstream/library.ts",
  "npm:@nats-io/transport-node@3.4.0": "bus/jetstream/library.ts",
  "npm:postgres@3.4.9": "store/postgres/client.ts",
};

/**
 * Files below `lib/` that load what is named nowhere where it can be read: a bundle made here, and a
 * package of a process with a lock file of its own, which `deno.lock` must not know.
 */
export const COMPUTED: readonly string[] = [
  "live/client/files/files_page.ts",
  "feed/ccxt/gateway/library.ts",
];

/** The part of the live room that runs in a browser. */
const CLIENT = "live/client";

/** Rooms whose code may be bundled for the browser: they touch no system. */
const CLIENT_MAY_IMPORT: readonly string[] = ["market", "stats", "files", "pairs", "charts"];

const AMBIENT: ReadonlySet<string> = new Set([
  ...["Date.now", "performance.now", "Math.random", "crypto.randomUUID", "crypto.getRandomValues"],
  ...["Temporal.Now"],
]);

type Imports =
  | Deno.lint.ImportDeclaration
  | Deno.lint.ExportAllDeclaration
  | Deno.lint.ExportNamedDeclaration
  | Deno.lint.ImportExpression;

const LIB = decodeURIComponent(new URL("../lib/", import.meta.url).pathname);

/** The path below `lib/`, or `undefined` outside of it. */
function placeOf(path: string): string | undefined {
  return path.startsWith(LIB) ? path.slice(LIB.length) : undefined;
}

function roomOf(place: string): string | undefined {
  return /^([a-z_]+)\//.exec(place)?.[1];
}

function isWithin(place: string, folder: string): boolean {
  return place === folder || place.startsWith(`${folder}/`);
}

function specifierOf(node: Imports): string | undefined {
  const source = node.source;
  return source?.type === "Literal" && typeof source.value === "string" ? source.value : undefined;
}

/** The place below `lib/` a specifier leads to, or `undefined` for a package. */
function targetOf(specifier: string, filename: string): string | undefined {
  if (specifier.startsWith(".")) return placeOf(resolve(dirname(filename), specifier));
  if (specifier === "tandem") return "mod.ts";
  const room = /^tandem\/([a-z_]+)$/.exec(specifier)?.[1];
  return room === undefined ? undefined : `${room}/mod.ts`;
}

function isTypeOnly(node: Imports): boolean {
  return node.type === "ImportDeclaration" && node.importKind === "type" ||
    node.type !== "ImportDeclaration" && node.type !== "ImportExpression" &&
      node.exportKind === "type";
}

function roomProblem(place: string, target: string, typeOnly: boolean): string | undefined {
  const room = roomOf(place)!;
  const other = roomOf(target);
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) return `Room "${room}" is not listed in MAY_IMPORT`;
  if (other === undefined) return `lib/${room} may not import lib/${target}`;
  const inClient = isWithin(place, CLIENT);
  if (other === room) {
    const leavesClient = inClient && !isWithin(target, CLIENT);
    return leavesClient && !typeOnly
      ? `lib/${CLIENT} may import only types of lib/live`
      : undefined;
  }
  if (!allowed.includes(other)) return `lib/${room} may not import lib/${other}`;
  if (target !== `${other}/mod.ts`) return `Import lib/${other} through its mod.ts`;
  if (inClient && !typeOnly && !CLIENT_MAY_IMPORT.includes(other)) {
    return `lib/${CLIENT} may import only types of lib/${other}`;
  }
  return undefined;
}

function packageProblem(
  place: string,
  specifier: string,
  isLazy: boolean,
): string | undefined {
  const room = roomOf(place);
  if (isLazy && LAZY[specifier] === place) return undefined;
  if (/^(npm|jsr|https?):/.test(specifier)) {
    return `Name "${specifier}" in the imports of deno.json: files use bare names`;
  }
  const rule = MAY_USE[specifier] ??
    (specifier.startsWith("d3-") ? MAY_USE["d3-*"] : undefined) ??
    (specifier.startsWith("node:assert/") ? MAY_USE["node:assert"] : undefined);
  const isSystem = specifier.startsWith("node:");
  const allowed = rule === undefined
    ? isSystem && room !== undefined && !PURE_ROOMS.includes(room) && !isWithin(place, CLIENT)
    : rule.some((entry) => isWithin(place, entry));
  return allowed ? undefined : `lib/${place} may not import "${specifier}"`;
}

const rooms: Deno.lint.Plugin = {
  name: "rooms",
  rules: {
    "import-direction": {
      create(context) {
        const place = placeOf(context.filename);
        const check = (node: Imports) => {
          const specifier = specifierOf(node);
          if (specifier === undefined) {
            if (
              node.type === "ImportExpression" && place !== undefined && !COMPUTED.includes(place)
            ) {
              context.report({
                node,
                message: `lib/${place} may not import what it does not name`,
              });
            }
            return;
          }
          if (/^(jsr|https?):/.test(specifier)) {
            context.report({ node, message: `Import "${specifier}" from npm: no other registry` });
            return;
          }
          if (place === undefined || roomOf(place) === undefined) return;
          const target = targetOf(specifier, context.filename);
          const message = target === undefined
            ? packageProblem(
              place,
              specifier,
              isTypeOnly(node) || node.type === "ImportExpression",
            )
            : roomProblem(place, target, isTypeOnly(node));
          if (message !== undefined) context.report({ node, message });
        };
        return {
          ImportDeclaration: check,
          ExportAllDeclaration: check,
          ExportNamedDeclaration: check,
          ImportExpression: check,
        };
      },
    },
    "no-ambient": {
      create(context) {
        const room = roomOf(placeOf(context.filename) ?? "");
        if (room === undefined || !PURE_ROOMS.includes(room)) return {};
        const report = (node: Deno.lint.Node, what: string) =>
          context.report({
            node,
            message: `${what} in lib/${room}: pass the time or the generator in`,
          });
        return {
          MemberExpression(node) {
            const text = context.sourceCode.getText(node).replace(/^globalThis\./, "");
            if (AMBIENT.has(text)) report(node, text);
          },
          NewExpression(node) {
            const isDate = context.sourceCode.getText(node.callee) === "Date";
            if (isDate && node.arguments.length === 0) report(node, "new Date()");
          },
          CallExpression(node) {
            if (context.sourceCode.getText(node.callee) === "Date") report(node, "Date()");
          },
        };
      },
    },
  },
};

export default rooms;
