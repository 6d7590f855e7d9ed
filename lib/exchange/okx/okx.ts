import { atMost } from "../../streams/mod.ts";
import type { ExchangeFaults } from "../faults.ts";
import type { Source } from "../source.ts";
import { OkxRestServer } from "./okx_rest.ts";
import { OkxSocket } from "./okx_socket.ts";

/** Deno ends a silent socket after this time, s; ours says so before. */
const IDLE_TIMEOUT_SECONDS = 60;

/** The same market as a simulated OKX would tell of it: `/ws/v5/business` and `/api/v5/…`. */
export class SimulatedOkx {
  readonly #source: Source;
  readonly #faults: ExchangeFaults;
  readonly #rest: OkxRestServer;
  readonly #sockets = new Set<OkxSocket>();

  /** Tells of what `source` trades. */
  constructor(source: Source, faults: ExchangeFaults) {
    this.#source = source;
    this.#faults = faults;
    this.#rest = new OkxRestServer(source, faults);
  }

  /** Answers a request for one of its addresses; `null` for any other. */
  handle(request: Request, host: string): Response | Promise<Response> | null {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/api/v5/")) return this.#rest.handle(request, host);
    if (pathname !== "/ws/v5/business") return null;
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") return null;
    const { socket, response } = Deno.upgradeWebSocket(request, {
      idleTimeout: IDLE_TIMEOUT_SECONDS,
    });
    const served = new OkxSocket(socket, this.#source, this.#faults);
    this.#sockets.add(served);
    socket.addEventListener("close", () => this.#sockets.delete(served));
    return response;
  }

  /** Closes every socket; waits for clients that long, ms. */
  async close(ms: number): Promise<void> {
    const closed = [...this.#sockets].map((socket) => {
      socket.close(1001, "Exchange is closing");
      return socket.closed();
    });
    await atMost(ms, Promise.all(closed));
  }
}
