import { connect } from "node:net";
import { findProgram } from "./find_program.ts";
import { commandAt, HERE, type Place } from "./place.ts";
import { until } from "./programs.ts";

/** Debian keeps one folder per version. */
const VERSIONS = [18, 17, 16, 15, 14, 13];
const initdbPath: string | null = findProgram(
  "INITDB_PATH",
  VERSIONS.map((version) => `/usr/lib/postgresql/${version}/bin/initdb`),
);

/** Where the server's programs are, or `null` where there is no server. */
export const postgresFolder: string | null = initdbPath?.replace(/\/initdb$/, "") ?? null;

/** A server refuses to run as root: then as whom nothing belongs to. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const account = Deno.uid() === 0 ? NOBODY : {};
/** The same as words before a command, which change it once that runs at its place. */
const accountWords = Deno.uid() === 0
  ? ["setpriv", `--reuid=${NOBODY.uid}`, `--regid=${NOBODY.gid}`, "--clear-groups"]
  : [];

/** What a test server need not survive. */
const SETTINGS = ["max_connections=200", "shared_buffers=64MB", "autovacuum_naptime=10s"];

/** A real PostgreSQL server, on a port and in a folder of its own; whoever asks is let in. */
export class PostgresServer implements AsyncDisposable {
  readonly #folder: string;
  readonly #port = freePort();
  readonly #settings: readonly string[];
  readonly #place: Place;
  #process: Deno.ChildProcess | null = null;
  #databases = 0;

  private constructor(folder: string, settings: readonly string[], place: Place) {
    this.#folder = folder;
    this.#settings = settings;
    this.#place = place;
  }

  /** Starts one, with settings besides its defaults; resolves when it takes connections. */
  static async start(
    settings: readonly string[] = SETTINGS,
    place: Place = HERE,
  ): Promise<PostgresServer> {
    const folder = await Deno.makeTempDir({ prefix: "pg" });
    if (Deno.uid() === 0) await Deno.chown(folder, NOBODY.uid, NOBODY.gid);
    await run("initdb", [
      ...["-D", `${folder}/data`, "-U", "tandem", "-A", "trust", "-E", "UTF8"],
      ...["--locale=C.UTF-8", "--no-sync", "--no-instructions"],
    ]);
    const access = `${folder}/data/pg_hba.conf`;
    await Deno.writeTextFile(access, "host all all samenet trust\n", { append: true });
    const server = new PostgresServer(folder, settings, place);
    await server.restart();
    return server;
  }

  /** Its first process, whose children the others are; 0 while it does not run. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Its TCP port on this machine. */
  get port(): number {
    return this.#port;
  }

  /** Makes an empty database; gives its URL. */
  async makeDatabase(): Promise<string> {
    const name = `test_${++this.#databases}`;
    await this.sql("postgres", `CREATE DATABASE ${name}`);
    return this.url(name);
  }

  /** The URL of one of its databases. */
  url(name: string, user = "tandem"): string {
    return `postgres://${user}@${this.#place.address}:${this.#port}/${name}`;
  }

  /** Asks it past our own client: rows of cells. */
  async sql(name: string, statement: string): Promise<string[][]> {
    const output = await run("psql", [
      // Not by the network: it is asked also while its cable is pulled.
      ...["-h", this.#folder, "-p", `${this.#port}`, "-U", "tandem", "-d", name],
      ...["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement],
    ]);
    return output.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const server = this.#process;
    this.#process = null;
    if (server === null) return;
    server.kill("SIGKILL");
    await server.status;
    // Its children see that it is gone, and end; until then they hold its memory.
    await until(async () => !await answers(this.#place.address, this.#port), 20_000);
  }

  /** Starts it, again, on the same port and folder. */
  async restart(): Promise<void> {
    await until(() => {
      const place = { ...this.#place, words: [...this.#place.words, ...accountWords] };
      this.#process ??= commandAt(place, `${postgresFolder}/postgres`, {
        args: [
          ...["-D", `${this.#folder}/data`, "-p", `${this.#port}`, "-k", this.#folder],
          ...["-c", `listen_addresses=${this.#place.address}`],
          ...this.#settings.flatMap((setting) => ["-c", setting]),
        ],
        cwd: this.#folder,
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      return this.#isUp();
    }, 30_000);
  }

  /** Soon it takes encrypted connections only. */
  async encrypt(certificate: string, key: string): Promise<void> {
    const files = {
      "server.crt": certificate,
      "server.key": key,
      "postgresql.auto.conf": "ssl = on\n",
      "pg_hba.conf": "local all all trust\nhostssl all all 127.0.0.1/32 trust\n",
    };
    for (const [name, text] of Object.entries(files)) {
      const path = `${this.#folder}/data/${name}`;
      await Deno.writeTextFile(path, text, { mode: 0o600 });
      if (Deno.uid() === 0) await Deno.chown(path, NOBODY.uid, NOBODY.gid);
    }
    this.#process!.kill("SIGHUP");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#process;
    this.#process = null;
    server?.kill("SIGQUIT");
    await server?.status;
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #isUp(): Promise<boolean> {
    try {
      await this.sql("postgres", "SELECT 1");
      return true;
    } catch {
      // One that was killed may leave children that keep the next from starting.
      const ended = await Promise.race([this.#process!.status, pause()]);
      if (ended !== undefined) this.#process = null;
      return false;
    }
  }
}

/** One for all tests of a file. */
let shared: PostgresServer | null = null;
let isEndedAfterAll = false;

/**
 * Defines a test that needs PostgreSQL, or prints why it is skipped. Tests of a file that do not
 * harm the server share one.
 *
 * @param name The test's name.
 * @param body The test; receives an empty database.
 */
export function postgresTest(
  name: string,
  body: (database: string, server: PostgresServer, t: Deno.TestContext) => void | Promise<void>,
): void {
  if (postgresFolder === null) {
    // deno-lint-ignore no-console -- a skipped test says why
    console.log(
      `skipped: "${name}" needs PostgreSQL; install Debian's package postgresql, or set INITDB_PATH`,
    );
  }
  if (!isEndedAfterAll) Deno.test.afterAll(() => shared?.[Symbol.asyncDispose]());
  isEndedAfterAll = true;
  Deno.test({
    name,
    ignore: postgresFolder === null,
    // The server outlives the test.
    sanitizeResources: false,
    sanitizeOps: false,
    fn: async (t) => {
      shared ??= await PostgresServer.start();
      await body(await shared.makeDatabase(), shared, t);
    },
  });
}

async function run(program: string, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(`${postgresFolder}/${program}`, {
    args,
    ...account,
    cwd: "/",
    env: { LC_ALL: "C.UTF-8", PGCONNECT_TIMEOUT: "5" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${text(stderr)}`);
  return text(stdout);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

function answers(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

/** A port nobody listens on: a server that is to come back on it must know it beforehand. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
