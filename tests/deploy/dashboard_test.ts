/** The dashboard asks for metrics that the programs really tell, with labels that they have. */
import { ok } from "node:assert/strict";
import { readCommandLine } from "../../lib/apps/command_line.ts";
import { PROGRAMS } from "../../lib/apps/programs.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import { startHub } from "../../lib/live/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { natsTest } from "../support/nats_server.ts";
import { until } from "../support/programs.ts";

const dashboard = new URL("../../deploy/grafana/tandem.json", import.meta.url);
const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

/** Labels that Prometheus adds to every number. */
const ADDED = ["job", "instance"];
/** What Prometheus itself knows of every program. */
const OWN = ["up"];
/** Words of the language of expressions that are no metrics. */
const WORDS = new Set(["sum", "max", "min", "avg", "by", "without", "rate", "increase"]);

/** A metric as an expression asks for it. */
interface Asked {
  readonly name: string;
  readonly labels: readonly string[];
}

Deno.test("askedIn() finds the metrics and labels of an expression", () => {
  const asked = askedIn('sum by (state) (rate(a_total{job="x",q!="1"}[1m])) / max(b_bytes)');
  const text = asked.map(({ name, labels }) => `${name}(${labels})`).join(" ");
  ok(text === "a_total(q,state) b_bytes(state)", text);
});

natsTest("every expression of the dashboard names metrics that are told", async (server) => {
  const folder = await Deno.makeTempDir();
  const database = `${folder}/tandem.db`;
  const stop = new AbortController();
  await using exchange = await startExchange({
    source: { seed: 3, symbols: 2, ratePerSecond: 200, historyMs: 2_000 },
  });
  const common = ["--bus", server.url, "--health-port", "0"];
  const urls = ["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl];
  const feed = program(stop.signal, "feed", ...exchange.symbols, ...common, ...urls);
  const store = program(stop.signal, "store", ...common, "--db", database);
  try {
    await until(() => feed.url() !== null && store.url() !== null);
    const told = async () => samplesOf([await text(feed.url()!), await text(store.url()!)]);
    const storing = async () =>
      (await told()).some(({ line }) => /^tandem_log_behind_messages\{reader="store"\}/.test(line));
    await until(storing);
    await until(async () => /^tandem_bars_lag_seconds /m.test(await text(store.url()!)));
    await using hub = await startHub({ open: () => openReader(database) });
    const samples = [...await told(), ...samplesOf([await text(hub.url.replace(/\/$/, ""))])];
    const { panels } = JSON.parse(await Deno.readTextFile(dashboard));
    let expressions = 0;
    for (const { title, targets } of panels) {
      for (const { expr } of targets as { expr: string }[]) {
        expressions++;
        for (const { name, labels } of askedIn(expr)) {
          const isTold = OWN.includes(name) ||
            samples.some((s) => s.name === name && labels.every((label) => s.labels.has(label)));
          ok(isTold, `${title}: nobody tells ${name} with the labels ${labels.join(", ")}`);
        }
      }
    }
    ok(expressions >= 20, `${expressions} expressions were found`);
  } finally {
    stop.abort();
    await Promise.all([feed.ended, store.ended]);
    await Deno.remove(folder, { recursive: true });
  }
});

/** A program in this process, and where it answers. */
function program(signal: AbortSignal, name: string, ...args: string[]) {
  const log: string[] = [];
  const note = (message: string) => void log.push(message);
  const report = { info: note, warn: note, progress() {}, print() {} };
  const it = PROGRAMS.get(name)!;
  const reading = readCommandLine(it, args, { project, working: project });
  if (reading.kind !== "run") throw new Error(reading.err);
  const said = /^Health and metrics at (\S+)$/;
  return {
    ended: it.run(reading.options, { signal, report }),
    url: () => log.map((line) => said.exec(line)?.[1]).find((url) => url !== undefined) ?? null,
  };
}

async function text(url: string): Promise<string> {
  return await (await fetch(`${url}/metrics`)).text();
}

function samplesOf(texts: readonly string[]) {
  return texts.flatMap((each) => each.split("\n")).flatMap((line) => {
    const [, name, labels = ""] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) return [];
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label!);
    return [{ line, name, labels: new Set(names) }];
  });
}

/** The metrics of an expression, each with the labels that it is asked by. */
function askedIn(expression: string): Asked[] {
  const grouped = [...expression.matchAll(/\b(?:by|without) \(([^)]*)\)/g)]
    .flatMap(([, labels]) => labels!.split(",").map((label) => label.trim()));
  const rest = expression.replace(/\b(?:by|without) \([^)]*\)/g, "").replace(/\[[^\]]*\]/g, "");
  return [...rest.matchAll(/\b([a-z_][a-z_0-9]*)(?:\{([^}]*)\})?/g)]
    .filter(([, name]) => !WORDS.has(name!))
    .map(([, name, matchers = ""]) => {
      const own = [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)/g)].map(([, label]) => label!);
      const labels = [...own, ...grouped].filter((label) => !ADDED.includes(label));
      return { name: name!, labels };
    });
}
