/** What the images of `compose.yaml` do when they start, with what this machine has in their place. */
import { findProgram } from "../../support/find_program.ts";
import { natsServerPath } from "../../support/nats_server.ts";
import { postgresFolder } from "../../support/postgres_server.ts";
import { deployFolder, type Service } from "./compose_file.ts";

/** A program, and as whom it runs. */
export interface Started {
  readonly program: string;
  readonly args: readonly string[];
  readonly account?: { readonly uid: number; readonly gid: number };
  /** What ends it in good order. */
  readonly stopSignal: Deno.Signal;
}

/** Commands that the entry point of Deno's image takes for those of `deno`; `task` is not among them. */
const OF_DENO = ["run", "eval", "test", "cache", "info", "install", "fmt", "lint", "repl"];
const wgetPath = findProgram("WGET_PATH", ["/usr/bin/wget", "/bin/wget"]);

/** What is not on this machine of all that the containers have; empty where nothing lacks. */
export const lacking: readonly string[] = [
  ...natsServerPath === null ? ["nats-server"] : [],
  ...postgresFolder === null ? ["PostgreSQL"] : [],
  ...wgetPath === null ? ["wget"] : [],
];

/** Where a program of a container is here. */
export function programHere(name: string): string {
  if (name === "deno") return Deno.execPath();
  if (name === "wget") return wgetPath!;
  if (name === "nats-server") return natsServerPath!;
  if (name === "pg_isready") return `${postgresFolder}/pg_isready`;
  throw new Error(`"${name}" is not in the image, or nobody has looked`);
}

/** What a service runs; a database is made first where there is none. */
export async function startOf(service: Service, folder: string, port: number): Promise<Started> {
  const { image, command, environment } = service;
  if (image.startsWith("denoland/deno:")) {
    const words = OF_DENO.includes(command[0]!) ? ["deno", ...command] : command;
    const [name = "", ...args] = words;
    return { program: programHere(name), args, stopSignal: "SIGTERM" };
  }
  if (image.startsWith("nats:")) {
    const own = ["--addr", "127.0.0.1", "--port", `${port}`];
    const words = command[0]!.startsWith("-") ? ["nats-server", ...command] : command;
    const [name = "", ...args] = words;
    return { program: programHere(name), args: [...args, ...own], stopSignal: "SIGTERM" };
  }
  if (image.startsWith("timescale/timescaledb:")) {
    const scripts = service.volumes.map((volume) => volume.split(":"))
      .filter(([, target]) => target!.startsWith("/docker-entrypoint-initdb.d/"));
    await makeDatabase(folder, environment, scripts.map(([source]) => source!));
    const where = ["-D", `${folder}/data`, "-k", folder, "-p", `${port}`];
    return {
      program: `${postgresFolder}/postgres`,
      args: [...where, "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=64MB"],
      ...Deno.uid() === 0 ? { account: NOBODY } : {},
      stopSignal: "SIGINT",
    };
  }
  throw new Error(`Nobody has said what the image ${image} does`);
}

/** A server of PostgreSQL refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Users, password, database and scripts, by a server that only its own socket reaches. */
async function makeDatabase(
  folder: string,
  environment: Service["environment"],
  scripts: readonly string[],
): Promise<void> {
  const { POSTGRES_USER: user, POSTGRES_DB: name, POSTGRES_PASSWORD: password } = environment;
  const file = (path: string) => `${folder}/${path.split("/").at(-1)}`;
  await Deno.writeTextFile(file("password"), password!);
  for (const script of scripts) {
    await Deno.copyFile(`${deployFolder}/${script}`, file(script));
    await Deno.chmod(file(script), 0o644);
  }
  if (Deno.uid() === 0) {
    for (const path of [folder, file("password")]) await Deno.chown(path, NOBODY.uid, NOBODY.gid);
  }
  const run = async (program: string, ...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(`${postgresFolder}/${program}`, {
      ...{ args, cwd: folder, env: { ...environment, PGHOST: folder, LC_ALL: "C.UTF-8" } },
      ...Deno.uid() === 0 ? NOBODY : {},
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${said}`);
  };
  const data = `${folder}/data`;
  await run(
    ...["initdb", "-D", data, "-U", user!, "--pwfile", file("password"), "--no-sync"] as const,
    ...["--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"],
  );
  const quietly = `-k ${folder} -c listen_addresses=''`;
  await run("pg_ctl", "-D", data, "-o", quietly, "-l", file("log"), "-w", "start");
  await run("createdb", "-U", user!, name!);
  for (const script of scripts) {
    await run("psql", "-v", "ON_ERROR_STOP=1", "-U", user!, "-d", name!, "-f", file(script));
  }
  await run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop");
}
