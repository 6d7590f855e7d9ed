/**
 * A newcomer's way from a database file to what `compose.yaml` says, without containers: its
 * services as processes, with a simulated exchange, a real nats-server and a real PostgreSQL.
 */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { get as httpGet } from "node:http";
import { KernelClient } from "../../tools/notebook/kernel_client.ts";
import { runIn, start, until } from "../support/programs.ts";
import { readYaml } from "./support/compose_file.ts";
import { ComposeRun } from "./support/compose_run.ts";
import { type Sample, samplesOf, untold } from "./support/dashboard.ts";
import { lacking } from "./support/images.ts";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const SECRETS = {
  ...{ TANDEM_PASSWORD: "writes 1", TANDEM_READER_PASSWORD: "reads 2", TANDEM_TOKEN: "opens" },
};
const PATIENCE_MS = 60_000;

if (lacking.length > 0) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`skipped: what compose.yaml says is not run as this is missing: ${lacking}`);
}

Deno.test({
  name: "compose.yaml takes over from a file: nothing is missing, and a notebook changes one line",
  ignore: lacking.length > 0,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const file = `${folder}/tandem.db`;
    await using exchange = start("exchange", "--json", "--symbols", "2", "--rate", "200");
    const { wsUrl, restUrl } = await exchange.json<{ wsUrl: string; restUrl: string }>();
    const urls = { TANDEM_WS_URL: wsUrl, TANDEM_REST_URL: restUrl };
    try {
      await using compose = new ComposeRun({ ...SECRETS, ...urls });
      const before = await filesOf(compose.app);
      {
        await using ingest = start(
          ...[
            "ingest",
            ...SYMBOLS,
            "--db",
            file,
            "--ws-url",
            wsUrl,
            "--rest-url",
            restUrl,
          ] as const,
        );
        await until(() => /streams are live/.test(ingest.err), PATIENCE_MS);
        await compose.up("feed-first", "feed-second", "postgres");
        strictEqual(await ingest.stop(), 0, ingest.err);
      }
      const server = compose.at("postgres", 5432);
      const writer = `postgres://tandem@${server}/tandem`;
      const reader = `postgres://tandem_reader@${server}/tandem`;
      const asWriter = { PGPASSWORD: SECRETS.TANDEM_PASSWORD };
      const asReader = { PGPASSWORD: SECRETS.TANDEM_READER_PASSWORD };
      const moved = await runIn(asWriter, "migrate", file, "--db", writer);
      strictEqual(moved.code, 0, moved.err);
      const ofFile = await notebook(file, {});
      match(ofFile, /"hedgeRatio":\d/);
      strictEqual(await notebook(reader, asReader), ofFile);

      await compose.up("store-first", "store-second", "serve");
      strictEqual(compose.startsOf("serve"), 1, compose.logOf("serve"));
      const page = `http://${compose.at("serve", 8787)}`;
      const refused = await fetch(page);
      await refused.body?.cancel();
      strictEqual(refused.status, 401);
      match(await (await fetch(`${page}/t/opens/`)).text(), /<!doctype html>/i);
      const stored = async () => {
        const { quality } = await (await fetch(`${page}/api/quality?token=opens`)).json();
        return SYMBOLS.map((name) => {
          const { stored } = quality.find(({ symbol }: { symbol: string }) => symbol === name);
          return Number(stored);
        });
      };
      const moreThan = (counts: readonly number[]) =>
        until(async () => (await stored()).every((n, k) => n > counts[k]! + 20), PATIENCE_MS, 250);
      await moreThan(await stored());
      await until(async () => untold(await scrape(compose)).length === 0, 10_000, 500)
        .catch(async () => deepStrictEqual(untold(await scrape(compose)), []));

      for (const name of ["feed-first", "store-first"]) {
        compose.kill(name);
        await until(() => compose.startsOf(name) === 2, PATIENCE_MS);
        await compose.untilHealthy(name);
        await moreThan(await stored());
      }
      const verified = await runIn(asReader, "verify", "--db", reader);
      strictEqual(verified.code, 0, verified.out + verified.err);
      for (const symbol of SYMBOLS) {
        match(verified.out, new RegExp(`^${symbol}: .* 0 ids missing .*all bars agree$`, "m"));
      }
      for (const name of ["feed-first", "feed-second", "store-first", "store-second", "serve"]) {
        strictEqual(await compose.stop(name), 0, compose.logOf(name));
      }
      deepStrictEqual(await filesOf(compose.app), before, "what is mounted read-only was changed");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** What a notebook shows whose only line that differs is the second. */
async function notebook(db: string, env: Readonly<Record<string, string>>): Promise<string> {
  const cells = [
    'import * as nb from "tandem/notebook";',
    `nb.attach({ db: ${JSON.stringify(db)} });`,
    'const pair = nb.pair("ETHUSDT", "BTCUSDT", { interval: "1s", window: 60 });',
    "console.log(JSON.stringify([pair.verdict(), pair.readings()]));",
  ];
  await using kernel = await KernelClient.start({ env });
  let shown = "";
  for (const cell of cells) {
    const { status, evalue, outputs } = await kernel.execute(cell);
    strictEqual(status, "ok", `${cell}: ${evalue}`);
    shown += outputs.map(({ content }) => content.text ?? "").join("");
  }
  return shown;
}

/** What the targets of prometheus.yaml tell who asks as Prometheus does. */
async function scrape(compose: ComposeRun): Promise<Sample[]> {
  const { scrape_configs: jobs } = readYaml<Prometheus>("prometheus.yaml");
  const targets = jobs.flatMap(({ authorization, static_configs: each }) =>
    each.flatMap(({ targets }) => targets).map((target) => ({ target, authorization }))
  );
  return samplesOf(
    await Promise.all(targets.map(({ target, authorization }) => {
      const [service = "", port] = target.split(":");
      const isSecret = authorization?.credentials_file === "/run/secrets/token";
      const headers = {
        host: target,
        ...isSecret ? { authorization: `Bearer ${SECRETS.TANDEM_TOKEN}` } : {},
      };
      return text(`http://${compose.at(service, Number(port))}/metrics`, headers);
    })),
  );
}

interface Prometheus {
  readonly scrape_configs: readonly {
    readonly authorization?: { readonly credentials_file: string };
    readonly static_configs: readonly { readonly targets: readonly string[] }[];
  }[];
}

/** As `fetch()`, which does not let a caller choose the host it names. */
function text(url: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) =>
    httpGet(url, { headers }, (answer) => {
      let all = "";
      answer.setEncoding("utf8").on("data", (part: string) => all += part);
      answer.on("end", () =>
        answer.statusCode === 200
          ? resolve(all)
          : reject(new Error(`${url}: ${answer.statusCode} ${all}`)));
    }).on("error", reject)
  );
}

/** Every file below a folder, and when it was written. */
async function filesOf(folder: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("find", {
    args: [folder, "-path", `${folder}/data`, "-prune", "-o", "-printf", "%p %T@\n"],
  }).output();
  return new TextDecoder().decode(stdout).split("\n").sort();
}
