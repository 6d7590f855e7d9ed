/**
 * What `deploy/` holds: files for Compose, systemd, Prometheus and Grafana that name programs,
 * options, ports and metrics that are there. The containers themselves are not started here.
 */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { readCommandLine } from "../../lib/apps/command_line.ts";
import { PROGRAMS } from "../../lib/apps/programs.ts";
import { deployFolder, readCompose, readYaml } from "./support/compose_file.ts";

const place = { project: deployFolder, working: deployFolder };
/** What must be set. */
const SECRETS = {
  ...{ TANDEM_PASSWORD: "given", TANDEM_READER_PASSWORD: "given", TANDEM_TOKEN: "given" },
};

/** Fails unless a program takes these words, with these variables set. */
function checkCommand(words: readonly string[], variables: Readonly<Record<string, string>>): void {
  const [deno, task, quiet, name = "", ...args] = words;
  deepStrictEqual([deno, task, quiet], ["deno", "task", "--quiet"], words.join(" "));
  const program = PROGRAMS.get(name);
  ok(program !== undefined, `there is no program "${name}"`);
  const own = Object.entries(variables).filter(([variable]) => variable.startsWith("TANDEM_"));
  for (const [variable, value] of own) Deno.env.set(variable, value);
  try {
    const reading = readCommandLine(program, args, place);
    strictEqual(reading.kind, "run", reading.kind === "exit" ? reading.err : "");
  } finally {
    for (const [variable] of own) Deno.env.delete(variable);
  }
}

Deno.test("compose.yaml names pinned images, and services, volumes and secrets that are there", () => {
  const compose = readCompose(SECRETS);
  const services = Object.entries(compose.services);
  strictEqual(services.length, 9);
  for (const [name, service] of services) {
    match(service.image, /^[a-z]+(\/[a-z]+)?:v?\d+\.\d+\.\d+(-[a-z0-9]+)?$/, name);
    for (const other of service.dependsOn) {
      ok(other in compose.services, `${name} depends on "${other}"`);
    }
    for (const secret of service.secrets) ok(secret in compose.secrets, secret);
    for (const volume of service.volumes) {
      const [source = "", target = ""] = volume.split(":");
      match(target, /^\//);
      if (!source.startsWith(".")) ok(source in compose.volumes, `${name} uses "${source}"`);
      else ok(Deno.statSync(`${deployFolder}/${source}`) !== null, source);
    }
  }
});

Deno.test("compose.yaml starts programs with options that they take", () => {
  const { services } = readCompose(SECRETS);
  const own = Object.values(services).filter(({ image }) => image.startsWith("denoland/deno:"));
  strictEqual(own.length, 5);
  for (const { command, environment } of own) checkCommand(command, environment);
});

Deno.test("compose.yaml is refused until what env.example has no value for is set", () => {
  const example = Deno.readTextFileSync(`${deployFolder}/env.example`);
  const missing = [...example.matchAll(/^(\w+)=$/gm)].map(([, name]) => name!);
  deepStrictEqual(missing, Object.keys(SECRETS));
  const asked = Deno.readTextFileSync(`${deployFolder}/compose.yaml`).matchAll(/\$\{(\w+)/g);
  for (const [, name] of asked) match(example, new RegExp(`^(# )?${name}=`, "m"));
  for (const name of missing) {
    throws(() => readCompose({ ...SECRETS, [name]: "" }), { message: new RegExp(`^${name} `) });
  }
});

Deno.test("prometheus.yaml asks the services where they answer", () => {
  const { services } = readCompose(SECRETS);
  const { scrape_configs: jobs } = readYaml<{
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
  }>("prometheus.yaml");
  const targets = jobs.flatMap((job) => job.static_configs.flatMap((each) => each.targets));
  const roles = ["feed-first", "feed-second", "store-first", "store-second"];
  deepStrictEqual(targets, [...roles.map((role) => `${role}:9100`), "serve:8787"]);
  for (const target of targets) {
    const [host = "", port] = target.split(":");
    const { command, environment } = services[host]!;
    const listens = / --port (\d+)/.exec(command.join(" "))?.[1] ?? environment.TANDEM_HEALTH_PORT;
    strictEqual(listens, port, host);
  }
});

Deno.test("the units of systemd are in order, and start programs with options that they take", async () => {
  const folder = `${deployFolder}/systemd`;
  const units = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".service")).sort();
  deepStrictEqual(units, [
    ...["tandem-feed@.service", "tandem-ingest.service"],
    ...["tandem-serve.service", "tandem-store@.service"],
  ]);
  for (const unit of units) {
    const text = Deno.readTextFileSync(`${folder}/${unit}`);
    deepStrictEqual([...text.matchAll(/^\[(\w+)\]$/gm)].map(([, name]) => name), [
      ...["Unit", "Service", "Install"],
    ]);
    const [, command = ""] = /^ExecStart=\/usr\/bin\/env (deno .+)$/m.exec(text) ?? [];
    const words = command.replace("$SYMBOLS", "BTCUSDT ETHUSDT").replaceAll("%i", "first");
    const variables = Object.entries(variablesOf("tandem.env.example"));
    checkCommand(words.split(" "), Object.fromEntries(variables));
  }
  for (const unit of units) {
    // Else five ends within ten seconds are the last, whatever Restart= says.
    match(Deno.readTextFileSync(`${folder}/${unit}`), /^StartLimitIntervalSec=0$/m);
  }
  const verified = await systemdVerify(units.map((unit) => `${folder}/${unit}`));
  if (verified === null) {
    // deno-lint-ignore no-console -- what is not checked is said
    console.log("not checked by systemd-analyze, which is not here: the units of systemd");
  } else strictEqual(verified, "");
});

function variablesOf(file: string): Record<string, string> {
  const text = Deno.readTextFileSync(`${deployFolder}/systemd/${file}`).replace(/^#.*\n?/gm, "");
  const lines = text.trim().split("\n");
  // TANDEM_DB names a file that is not here; it is read, not opened.
  return Object.fromEntries(lines.map((line) => /^(\w+)=(.*)$/.exec(line)!.slice(1)));
}

/** What `systemd-analyze verify` says; `null` where it is not installed. */
async function systemdVerify(paths: readonly string[]): Promise<string | null> {
  try {
    const command = new Deno.Command("systemd-analyze", { args: ["verify", ...paths] });
    const { success, stderr } = await command.output();
    const said = new TextDecoder().decode(stderr).trim();
    return success ? "" : said || "systemd-analyze failed";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
