import { atMost } from "../streams/mod.ts";
import type { ExchangeFaults } from "./faults.ts";
import { FaultySocket, type VenueClient } from "./faulty_socket.ts";

/** Deno ends a silent socket after this time, s; the venues say so before. */
const IDLE_TIMEOUT_SECONDS = 60;

/** What makes one venue of several that tell of the same market. */
export interface VenueDoors {
  /** The path of its sockets. */
  readonly socketPath: string;
  /** What the paths of its REST begin with. */
  readonly restPrefix: string;
  /** Answers a REST request from a host. */
  answer(method: string, url: URL, host: string): Response;
  /** Serves one client. */
  client(socket: FaultySocket): VenueClient;
}

/** The same market as another venue than the first would tell of it. */
export class SimulatedVenue {
  readonly #doors: VenueDoors;
  readonly #faults: ExchangeFaults;
  readonly #sockets = new Set<FaultySocket>();

  /** Opens the doors of a venue. */
  constructor(doors: VenueDoors, faults: ExchangeFaults) {
    this.#doors = doors;
    this.#faults = faults;
  }

  /** Answers a request for one of its addresses; `null` for any other. */
  handle(request: Request, host: string): Response | Promise<Response> | null {
    const url = new URL(request.url);
    const { socketPath, restPrefix } = this.#doors;
    if (url.pathname === socketPath) return this.#open(request);
    if (!url.pathname.startsWith(restPrefix)) return null;
    const response = this.#doors.answer(request.method, url, host);
    return this.#faults.response?.(url.pathname, response, url) ?? response;
  }

  /** Closes every socket; waits for clients that long, ms. */
  async close(ms: number): Promise<void> {
    const closed = [...this.#sockets].map((socket) => {
      socket.close(1001, "Exchange is closing");
      return socket.closed();
    });
    await atMost(ms, Promise.all(closed));
  }

  #open(request: Request): Response | null {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") return null;
    const { socket, response } = Deno.upgradeWebSocket(request, {
      idleTimeout: IDLE_TIMEOUT_SECONDS,
    });
    const faulty = new FaultySocket(socket, this.#faults);
    faulty.serve(this.#doors.client(faulty));
    this.#sockets.add(faulty);
    socket.addEventListener("close", () => this.#sockets.delete(faulty));
    return response;
  }
}
