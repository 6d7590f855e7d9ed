/**
 * The gateway: venues that ccxt knows, told on sockets and over HTTP of this machine. A process of its
 * own, as `launch.ts` starts it: `main.ts ccxt JSON`; only here is ccxt loaded, and nothing but the
 * hosts of the venues may be reached from here.
 *
 * @module
 */
import { Door } from "./door.ts";
import { loadLibrary } from "./library.ts";
import { answer } from "./server.ts";

/** What the gateway is started with. */
interface GatewayOptions {
  readonly venues: readonly string[];
  readonly port: number;
  readonly url: string | null;
}

const { options } = JSON.parse(Deno.args[1]!) as { readonly options: GatewayOptions };
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => stop.abort());
}

/** The launcher holds the other end of our standard input: its end means that it is gone. */
async function watchLauncher(): Promise<void> {
  const buffer = new Uint8Array(64);
  while (await Deno.stdin.read(buffer) !== null) { /* nothing is ever sent */ }
  stop.abort();
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

watchLauncher();
// ccxt leaves promises behind that nobody waits for; what matters of them ends a socket as well.
addEventListener("unhandledrejection", (event) => event.preventDefault());

const library = await loadLibrary();
const doors = new Map(
  options.venues.map((name) => [name, new Door(library, name, options.url)]),
);
try {
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: options.port,
    onListen: ({ port }) =>
      say(
        `${options.venues.join(" and ")} through ccxt at http://127.0.0.1:${port}; Ctrl-C ends it`,
      ),
  }, (request) => answer(request, doors));
  stop.signal.addEventListener("abort", () => {
    server.shutdown();
    // Sockets to the venues end with the process.
    Deno.exit(0);
  });
} catch (error) {
  const reason = error instanceof Deno.errors.AddrInUse
    ? `port ${options.port} is taken: choose another with --port`
    : String(error);
  Deno.stderr.writeSync(new TextEncoder().encode(`Cannot start the gateway as ${reason}\n`));
  Deno.exit(1);
}
