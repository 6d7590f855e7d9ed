import type { StoreReader } from "../store/mod.ts";
import { atMost } from "../streams/mod.ts";
import { act } from "./act.ts";
import { Downloads } from "./downloads.ts";
import { FeedBook } from "./feed_book.ts";
import { type Access, admit, isLoopback } from "./guard.ts";
import { HubError } from "./hub_error.ts";
import type { FindPart } from "./part.ts";
import { refuse, SAFE_HEADERS } from "./respond.ts";
import type { HubActions } from "./routes/route.ts";
import { ROUTES } from "./routes/mod.ts";
import { ScreenBook } from "./screen_book.ts";
import { SocketSession } from "./socket_session.ts";
import { Source } from "./source.ts";

/** How long those who are still reading an answer get when the hub ends, ms. */
const READING_MS = 1_500;

/** How to start a hub. */
export interface HubOptions {
  /**
   * Opens the database. It is called when the hub first needs it, and again after a failure, so a
   * hub may start before there is a database.
   */
  readonly open: () => StoreReader;
  /** The address to listen on. @default {"127.0.0.1"} */
  readonly hostname?: string;
  /** The port; 0 takes any free one. @default {0} */
  readonly port?: number;
  /**
   * What every request must carry: as `/t/<token>/…`, as `?token=…` or as a Bearer header. An
   * address that can be reached from other machines needs one.
   *
   * @default {null}
   */
  readonly token?: string | null;
  /** Whether pages say that the trades are simulated. @default {what the database says} */
  readonly simulated?: boolean;
  /**
   * Whether pages of any origin may read, if they carry the token in the path, as notebooks do.
   *
   * @default {false}
   */
  readonly allowAnyOrigin?: boolean;
  /**
   * The address pages reach it by, where that is not its own: through a proxy. `{port}` stands for
   * the port; a path alone is one of the server the page came from. Needs a token.
   *
   * @default {its own address}
   */
  readonly publicUrl?: string;
  /** Finds the parts of a notebook's outputs. @default {there are none} */
  readonly findPart?: FindPart;
  /** What pages can have done by the ingest that writes the database. @default {nothing} */
  readonly actions?: HubActions;
  /** Called with what went wrong inside; requests are answered all the same. */
  readonly onError?: (error: unknown) => void;
}

/** A running hub; dispose it to close every connection and free the port. */
export interface Hub extends AsyncDisposable {
  /** The address of the page, with the token if there is one. */
  readonly url: string;
  /** The same as others see it; may be a path alone. */
  readonly publicUrl: string;
  /** The port it listens on. */
  readonly port: number;
}

/**
 * Starts a hub: the live page, its JSON, and one WebSocket per page for all of its charts.
 *
 * It only reads the database; what changes it are the actions it is given. Host and Origin of every request are checked; outside of loopback a
 * token is required.
 *
 * @example A hub before there is a database
 * ```ts
 * import { startHub } from "tandem/live";
 * import { openReader } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * await using hub = await startHub({ open: () => openReader("no/such/tandem.db") });
 * const answer = await fetch(`${hub.url}api/health`);
 * strictEqual(answer.status, 503);
 * strictEqual((await answer.json()).error.code, "no_database");
 * ```
 *
 * @param options Database, address, and who may read.
 * @returns The hub, once it listens.
 * @throws {TypeError} If an address other than loopback has no token, or any origin none.
 * @throws {HubError} `port_in_use` if another program listens there, `bad_address` if it cannot.
 */
export function startHub(options: HubOptions): Promise<Hub> {
  return Promise.resolve().then(() => new RunningHub(options));
}

class RunningHub implements Hub {
  readonly url: string;
  readonly publicUrl: string;
  readonly port: number;
  readonly #findPart: FindPart;
  readonly #access: Access;
  readonly #source: Source;
  readonly #book: FeedBook;
  readonly #screens: ScreenBook;
  readonly #downloads = new Downloads();
  readonly #actions: HubActions | null;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #sockets = new Set<WebSocket>();
  readonly #ending = new AbortController();
  readonly #onError: (error: unknown) => void;

  constructor(options: HubOptions) {
    const { hostname = "127.0.0.1", port = 0, token = null, allowAnyOrigin = false } = options;
    const publicUrl = options.publicUrl ?? null;
    checkAccess(hostname, token, allowAnyOrigin || publicUrl !== null);
    this.#access = { hostname, token, allowAnyOrigin, isProxied: publicUrl !== null };
    this.#findPart = options.findPart ?? (() => undefined);
    this.#onError = options.onError ?? (() => {});
    this.#source = new Source({ open: options.open, simulated: options.simulated ?? null });
    this.#book = new FeedBook(this.#source);
    this.#screens = new ScreenBook(this.#source);
    this.#actions = options.actions ?? null;
    this.#server = listen(hostname, port, (request) => this.#answer(request), this.#onError);
    this.port = this.#server.addr.port;
    const shown = hostname.includes(":") ? `[${hostname.replace(/[[\]]/g, "")}]` : hostname;
    const path = token === null ? "" : `t/${encodeURIComponent(token)}/`;
    this.url = `http://${shown}:${this.port}/${path}`;
    const base = publicUrl?.replaceAll("{port}", String(this.port)).replace(/\/*$/, "/");
    this.publicUrl = base === undefined ? this.url : base + path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    for (const socket of this.#sockets) socket.close(1001, "The hub is ending");
    this.#book[Symbol.dispose]();
    this.#screens[Symbol.dispose]();
    await atMost(READING_MS, this.#server.shutdown());
    this.#source[Symbol.dispose]();
  }

  async #answer(request: Request): Promise<Response> {
    let response: Response;
    let isOpen = false;
    try {
      const { path, byPath } = admit(request, this.#access);
      isOpen = byPath && this.#access.allowAnyOrigin;
      response = await this.#route(request, path, byPath);
    } catch (error) {
      if (!(error instanceof HubError)) this.#onError(error);
      response = refuse(
        error instanceof HubError
          ? error
          : new HubError(500, "internal", "Something went wrong in the hub"),
      );
    }
    if (isOpen && response.status !== 101) {
      response.headers.set("access-control-allow-origin", "*");
      response.headers.set("cross-origin-resource-policy", "cross-origin");
    }
    return response;
  }

  #route(request: Request, path: string, byPath: boolean): Response | Promise<Response> {
    const url = new URL(request.url);
    if (request.method === "POST") return act(request, path, this.#actions);
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new HubError(405, "method_not_allowed", `Cannot ${request.method}: use GET`);
    }
    if (path === "" || path === "/" && this.#access.token !== null && !byPath) {
      // The page loads its parts by relative addresses, so the token has to be in the path.
      const location = `/t/${encodeURIComponent(this.#access.token!)}/`;
      return new Response(null, { status: 302, headers: { ...SAFE_HEADERS, location } });
    }
    if (path === "/ws") return this.#openSocket(request);
    const route = ROUTES[path];
    if (route === undefined) throw new HubError(404, "not_found", `Cannot find "${path}"`);
    const query = Object.fromEntries(url.searchParams);
    return route({
      request,
      query,
      source: this.#source,
      book: this.#book,
      screens: this.#screens,
      downloads: this.#downloads,
      actions: this.#actions,
      ending: this.#ending.signal,
      connections: this.#sockets.size,
    });
  }

  #openSocket(request: Request): Response {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      throw new HubError(426, "upgrade_required", "Cannot answer here without a WebSocket");
    }
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 30 });
    let session: SocketSession | undefined;
    this.#sockets.add(socket);
    socket.onopen = () => {
      session = new SocketSession(socket, this.#book, this.#screens, this.#findPart);
    };
    socket.onmessage = ({ data }) => session?.receive(data);
    socket.onclose = () => {
      this.#sockets.delete(socket);
      session?.[Symbol.dispose]();
    };
    return response;
  }
}

function checkAccess(hostname: string, token: string | null, allowAnyOrigin: boolean): void {
  if (token === null && !isLoopback(hostname)) {
    throw new TypeError(
      `Cannot listen on "${hostname}" as other machines reach it: "token" must be set`,
    );
  }
  if (token === null && allowAnyOrigin) {
    throw new TypeError('Cannot allow any origin as "token" must be set');
  }
}

function listen(
  hostname: string,
  port: number,
  handler: (request: Request) => Promise<Response>,
  failed: (error: unknown) => void,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    // Only what fails while it is sent comes here: it cannot be answered any more.
    const onError = (error: unknown) => {
      failed(error);
      return new Response(null, { status: 500 });
    };
    return Deno.serve({ hostname, port, onListen: () => {}, onError }, handler);
  } catch (cause) {
    if (cause instanceof Deno.errors.AddrInUse) {
      throw new HubError(
        503,
        "port_in_use",
        `Cannot listen on port ${port} as another program does: choose another with --port`,
        { cause },
      );
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HubError(503, "bad_address", `Cannot listen on ${hostname}:${port}: ${why}`, {
      cause,
    });
  }
}
