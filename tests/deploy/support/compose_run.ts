/**
 * Does what `docker compose up` does with `deploy/compose.yaml`, without containers: for each
 * service its command, environment, volumes, order, health check and restart as a process of this
 * machine. A service's name is 127.0.0.1, and each of its ports a free one.
 */
import { setTimeout as wait } from "node:timers/promises";
import { until } from "../../support/programs.ts";
import { type ComposeFile, readCompose, type Service } from "./compose_file.ts";
import { programHere, startOf } from "./images.ts";

const project = decodeURIComponent(new URL("../../..", import.meta.url).pathname);
/** What of the project is in /app: all that a program reads. */
const APP = ["lib", "deno.json", "deno.lock"];
/** How often a health check is made here, ms; the file says 10 s and more. */
const CHECK_MS = 250;
/** The first pause before Docker starts something again, ms. */
const AGAIN_MS = 100;
const PATIENCE_MS = 60_000;

interface Container {
  /** Its process; `null` between two lives. */
  process: Deno.ChildProcess | null;
  readonly stopSignal: Deno.Signal;
  isWanted: boolean;
  starts: number;
  log: string;
  over: Promise<number>;
}

/** The services of the file, some of them at work. */
export class ComposeRun implements AsyncDisposable {
  readonly #file: ComposeFile;
  readonly #folder = Deno.makeTempDirSync({ prefix: "compose" });
  readonly #ports = new Map<string, number>();
  readonly #containers = new Map<string, Container>();

  /** @param variables What `deploy/.env` sets. */
  constructor(variables: Readonly<Record<string, string>>) {
    this.#file = readCompose(variables);
    Deno.chmodSync(this.#folder, 0o755);
    for (const folder of ["app", "app/data", "nats", "postgres"]) {
      Deno.mkdirSync(`${this.#folder}/${folder}`);
    }
    const app = `${this.#folder}/app`;
    const sources = APP.map((name) => `${project}${name}`);
    new Deno.Command("cp", { args: ["-r", ...sources, app] }).outputSync();
  }

  /** What a container's folder is here. */
  get app(): string {
    return `${this.#folder}/app`;
  }

  /** Where a port of a service is reached. */
  at(service: string, port: number): string {
    return `127.0.0.1:${this.#port(service, port)}`;
  }

  /** Starts services, and first what they wait for; resolves when all are healthy. */
  async up(...names: string[]): Promise<void> {
    for (const name of names) {
      if (this.#containers.has(name)) continue;
      await this.up(...this.#file.services[name]!.dependsOn);
      await this.#start(name);
    }
    await Promise.all(names.map((name) => this.untilHealthy(name)));
  }

  /** Waits until the health check of a service passes. */
  async untilHealthy(name: string): Promise<void> {
    const healthy = () => this.#isHealthy(name);
    await until(healthy, PATIENCE_MS, CHECK_MS).catch((cause) => {
      throw new Error(`"${name}" is not healthy: ${this.logOf(name)}`, { cause });
    });
  }

  /** How often a service was started. */
  startsOf(name: string): number {
    return this.#containers.get(name)!.starts;
  }

  /** What a service has logged. */
  logOf(name: string): string {
    return this.#containers.get(name)!.log;
  }

  /** Ends everything in a container at once; `restart:` decides what then. */
  kill(name: string): void {
    const { process } = this.#containers.get(name)!;
    Deno.kill(-process!.pid, "SIGKILL");
  }

  /** Asks a service to end, as `docker compose stop` does. @returns Its exit code. */
  async stop(name: string): Promise<number> {
    const container = this.#containers.get(name)!;
    container.isWanted = false;
    container.process?.kill(container.stopSignal);
    return await container.over;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [...this.#containers.keys()].reverse()) await this.stop(name);
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #start(name: string): Promise<void> {
    const service = this.#here(name);
    const port = this.#port(name, name === "nats" ? 4222 : 5432);
    const { program, args, account, stopSignal } = await startOf(
      service,
      `${this.#folder}/${name}`,
      port,
    );
    const command = new Deno.Command(program, {
      args: [...args],
      ...account,
      ...{ cwd: account === undefined ? this.app : this.#folder, clearEnv: true, detached: true },
      ...{ env: this.#environment(service), stdin: "null", stdout: "piped", stderr: "piped" },
    });
    const container: Container = {
      ...{
        process: null,
        stopSignal,
        isWanted: true,
        starts: 0,
        log: "",
        over: Promise.resolve(0),
      },
    };
    this.#containers.set(name, container);
    container.over = this.#supervise(command, container, service.restart === "always");
  }

  async #supervise(command: Deno.Command, it: Container, again: boolean): Promise<number> {
    while (true) {
      const process = command.spawn();
      it.process = process;
      it.starts++;
      const listen = async (stream: ReadableStream<Uint8Array>) => {
        const decoder = new TextDecoder();
        for await (const bytes of stream) it.log += decoder.decode(bytes, { stream: true });
      };
      const [{ code }] = await Promise.all([
        ...[process.status, listen(process.stdout), listen(process.stderr)] as const,
      ]);
      it.process = null;
      if (!it.isWanted || !again) return code;
      await wait(AGAIN_MS);
      if (!it.isWanted) return code;
    }
  }

  async #isHealthy(name: string): Promise<boolean> {
    const service = this.#here(name);
    const [kind, program, ...args] = service.healthcheck!;
    if (kind !== "CMD") throw new Error(`The health check of "${name}" needs a shell`);
    const { success } = await new Deno.Command(programHere(program!), {
      // In its container a server of PostgreSQL has the port that everybody thinks of first.
      env: { ...this.#environment(service), PGPORT: `${this.#port("postgres", 5432)}` },
      ...{ args, clearEnv: true },
      ...{ stdin: "null", stdout: "null", stderr: "null" },
    }).output();
    return success;
  }

  /** What a container has in its environment, and what this machine needs beside it. */
  #environment({ environment }: Service): Record<string, string> {
    const here = { ...Deno.env.toObject() };
    const { DENO_DIR: _, ...own } = environment;
    const kept = ["PATH", "HOME", "DENO_DIR"].filter((name) => here[name] !== undefined);
    return {
      ...Object.fromEntries(kept.map((name) => [name, here[name]!])),
      ...{ ...own, NO_COLOR: "1" },
    };
  }

  /** A service with the names, ports and folders that it has here. */
  #here(name: string): Service {
    const service = this.#file.services[name]!;
    const text = (given: string) =>
      given.replace(/\bnats:4222\b/, `127.0.0.1:${this.#port("nats", 4222)}`)
        .replace("@postgres/", `@127.0.0.1:${this.#port("postgres", 5432)}/`)
        .replace(/(?<![\d.])(8222|8787|9100)\b/, (port) => `${this.#port(name, Number(port))}`)
        .replace(/^\/data$/, `${this.#folder}/nats`);
    const environment = Object.fromEntries(
      Object.entries(service.environment).map(([key, value]) => [key, text(value)]),
    );
    return {
      ...{ ...service, environment, command: service.command.map(text) },
      healthcheck: service.healthcheck?.map(text) ?? null,
    };
  }

  #port(service: string, port: number): number {
    return this.#ports.getOrInsertComputed(`${service}:${port}`, () => {
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      return listener.addr.port;
    });
  }
}
