/**
 * The smallest exchange a feed can be tested against: real sockets and REST on loopback, driven
 * frame by frame by the test. `lib/exchange` simulates a whole market; this one does only what it
 * is told, also what an exchange should never do.
 */

/** One aggregate trade, as REST returns it and, with `e`, `E` and `s`, as the socket sends it. */
export interface Row {
  readonly a: number;
  readonly p: string;
  readonly q: string;
  readonly f: number;
  readonly l: number;
  readonly T: number;
  readonly m: boolean;
}

/** Exchange time of the trade with an id, ms since the epoch: 50 ms apart. */
export function timeOf(id: number): number {
  return 1_791_382_992_000 + id * 50;
}

export function row(id: number, changes: Partial<Row> = {}): Row {
  return {
    a: id,
    p: (100 + id / 100).toFixed(2),
    q: "0.5",
    f: id * 2,
    l: id * 2 + 1,
    T: timeOf(id),
    m: id % 2 === 0,
    ...changes,
  };
}

export class Venue implements AsyncDisposable {
  /** What REST knows, per symbol, in id order. */
  readonly history = new Map<string, Row[]>();
  /** The aggTrades queries so far. */
  readonly queries: URLSearchParams[] = [];
  /** Answers instead of the built-in REST door. */
  onRest: (url: URL) => Response | null = () => null;
  /** Answers instead of opening a socket. */
  onSocket: () => Response | null = () => null;
  /** Whether subscriptions are acknowledged. */
  acknowledges = true;
  /** Whether a stream's frames reach the n-th socket that was opened, from 0 on. */
  reaches: (socket: number, name: string) => boolean = () => true;
  /** The exchange's clock. */
  timeMs = timeOf(0);
  /** Every control frame received. */
  readonly control: { method: string; params: string[] }[] = [];
  /** How many sockets were opened so far. */
  opened = 0;
  readonly #sockets = new Map<WebSocket, { path: string; names: Set<string>; n: number }>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#handle(request),
    );
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.#server.addr.port}`;
  }

  get restUrl(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** The stream names that open sockets have subscribed to. */
  get names(): Set<string> {
    return new Set(this.#sockets.values().flatMap((socket) => socket.names));
  }

  /** Sends aggregate trades on the socket and keeps them for REST. */
  trade(symbol: string, ...ids: number[]): void {
    for (const id of ids) {
      this.keep(symbol, id);
      this.send(symbol, row(id));
    }
  }

  /** Keeps aggregate trades for REST, in id order. */
  keep(symbol: string, ...ids: number[]): void {
    const rows = this.history.get(symbol) ?? [];
    this.history.set(symbol, rows);
    for (const id of ids) rows.push(row(id));
    rows.sort((a, b) => a.a - b.a);
  }

  /** Sends one aggregate trade on the socket. */
  send(symbol: string, sent: Row, event: Record<string, unknown> = {}): void {
    const { a, p, q, f, l, T, m } = sent;
    const data = { e: "aggTrade", E: T + 100, a, s: symbol, p, q, f, l, T, m, ...event };
    this.frame(`${symbol.toLowerCase()}@aggTrade`, data);
  }

  /** Sends a payload to the sockets that subscribed to a stream. */
  frame(name: string, data: unknown): void {
    const text = JSON.stringify({ stream: name, data });
    for (const [socket, { names, n }] of this.#sockets) {
      if (names.has(name) && this.reaches(n, name)) socket.send(text);
    }
  }

  /** Sends text as it is to every socket. */
  text(text: string): void {
    for (const socket of this.#sockets.keys()) socket.send(text);
  }

  /** Closes every socket, or the n-th that was opened. */
  drop(code = 1008, reason = "Invalid request", only?: number): void {
    for (const [socket, { n }] of this.#sockets) {
      if (only !== undefined && n !== only) continue;
      socket.close(code, reason);
      this.#sockets.delete(socket);
    }
  }

  /** Which of the sockets that were opened, from 0 on, are open. */
  get open(): number[] {
    return [...this.#sockets.values()].map(({ n }) => n);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.close();
    await this.#server.shutdown();
  }

  #handle(request: Request): Response {
    const url = new URL(request.url);
    if (request.headers.get("upgrade") === "websocket") {
      return this.onSocket() ?? this.#socket(request, url.pathname);
    }
    if (url.pathname.endsWith("/stream")) {
      return this.onSocket() ?? new Response("", { status: 400 });
    }
    return this.onRest(url) ?? this.#rest(url);
  }

  #socket(request: Request, path: string): Response {
    const { socket, response } = Deno.upgradeWebSocket(request);
    const names = new Set<string>();
    const n = this.opened++;
    socket.onopen = () => this.#sockets.set(socket, { path, names, n });
    socket.onclose = () => this.#sockets.delete(socket);
    socket.onmessage = ({ data }) => {
      const { method, params, id } = JSON.parse(data);
      this.control.push({ method, params });
      for (const name of params) {
        if (method === "SUBSCRIBE") names.add(name);
        else names.delete(name);
      }
      if (this.acknowledges) socket.send(JSON.stringify({ result: null, id }));
    };
    return response;
  }

  #rest(url: URL): Response {
    const headers = { "x-mbx-used-weight-1m": "20" };
    if (url.pathname === "/fapi/v1/time") {
      return Response.json({ serverTime: this.timeMs }, { headers });
    }
    if (url.pathname === "/fapi/v1/ticker/24hr") {
      const asked = url.searchParams.get("symbol");
      if (asked !== null && !this.history.has(asked)) {
        return Response.json({ code: -1121, msg: "Invalid symbol." }, { status: 400, headers });
      }
      const rows = [...this.history].filter(([symbol]) => asked === null || asked === symbol)
        .map(([symbol, rows]) => ticker(symbol, rows));
      return Response.json(asked === null ? rows : rows[0], { headers });
    }
    this.queries.push(url.searchParams);
    const query = (name: string) => Number(url.searchParams.get(name) ?? NaN);
    const rows = this.history.get(url.searchParams.get("symbol")!) ?? [];
    const from = Number.isNaN(query("fromId")) ? rows : rows.filter((r) => r.a >= query("fromId"));
    const since = query("startTime");
    const chosen = Number.isNaN(since) ? from : from.filter((r) => r.T >= since);
    const isNewest = Number.isNaN(since) && Number.isNaN(query("fromId"));
    const limit = query("limit");
    return Response.json(isNewest ? chosen.slice(-limit) : chosen.slice(0, limit), { headers });
  }
}

function ticker(symbol: string, rows: readonly Row[]): unknown {
  const lastId = rows.at(-1)?.l ?? 0;
  return { symbol, lastId, count: lastId, lastPrice: "100.00", quoteVolume: "5000.0" };
}
