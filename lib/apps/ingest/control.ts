import { z } from "zod";
import type { FeedHealth, LatencySummary } from "../../feed/mod.ts";
import { atMost } from "../../streams/mod.ts";
import type { StorageProblem } from "./committer.ts";
import { answerAlerts, type ControlledAlerts } from "./control_alerts.ts";
import type { BarBatch, BarsReceipt, TradeBatch, TradesReceipt } from "../history/history.ts";
import { NotYetError } from "../history/not_yet_error.ts";
import { decodeBars, decodeTrades } from "../history/wire.ts";
import type { LoopDelaySummary } from "./loop_delay.ts";

/** What a running ingest says of itself. */
export interface IngestStatus {
  readonly pid: number;
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly simulated: boolean;
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly streamKind: string;
  /** State of each symbol's stream: `pending`, `live` or `silent`. */
  readonly streams: Readonly<Record<string, string>>;
  readonly tradesPerSecond: number;
  readonly trades: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly gaps: number;
  /** Exchange time up to which bars are closed, ms; `null` before the first trade. */
  readonly watermarkMs: number | null;
  /** Why nothing can be stored now, and since when; `null` while all is well. */
  readonly storage: StorageProblem | null;
  /** The local clock and the exchange's; `null` before they were compared. */
  readonly clock: FeedHealth["clock"];
  readonly connections: FeedHealth["connections"];
  /** How long frames took from the exchange to here in the last minutes; `null` without any. */
  readonly latency: LatencySummary | null;
  /** The same per symbol, of those with frames. */
  readonly streamLatency: Readonly<Record<string, LatencySummary>>;
  /** Memory of the process, bytes. */
  readonly rssBytes: number;
  /** How much of it holds JavaScript objects. */
  readonly heapBytes: number;
  /** How late its event loop comes to what is due. */
  readonly loopDelay: LoopDelaySummary;
}

/** What a running ingest can be asked. */
export interface Controlled {
  status(): IngestStatus;
  /** @throws {Error} If a symbol cannot be followed; the message says why. */
  change(add: readonly string[], remove: readonly string[]): Promise<void>;
  stop(): void;
  /** Its alerts. */
  readonly alerts: ControlledAlerts;
  /** @throws {Error} If they cannot be stored; the message says why. */
  putTrades(batch: TradeBatch): TradesReceipt;
  /** @throws {Error} If they cannot be stored; the message says why. */
  putBars(batch: BarBatch): BarsReceipt;
}

/** Where a running ingest can be reached; kept beside the database, readable by its owner only. */
export interface ControlAddress {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
}

const changeSchema = z.object({
  add: z.array(z.string()).default([]),
  remove: z.array(z.string()).default([]),
});

/** What an ingest takes, by path; `null` where the body is not what it must be. */
const TAKERS: Readonly<Record<string, (to: Controlled, body: unknown) => unknown>> = {
  async "/symbols"(to, body) {
    const { data } = changeSchema.safeParse(body);
    if (data === undefined) return null;
    await to.change(data.add, data.remove);
    return to.status();
  },
  "/trades"(to, body) {
    const batch = decodeTrades(body);
    return batch && to.putTrades(batch);
  },
  "/bars"(to, body) {
    const batch = decodeBars(body);
    return batch && to.putBars(batch);
  },
};

/** How long requests under way get when the ingest ends, ms. */
const ANSWERING_MS = 1_500;

/** The file that tells where the ingest of a database can be reached. */
export function controlFile(database: string): string {
  return `${database}.control.json`;
}

/** Lets other programs of this user ask an ingest for its status, change its symbols, end it. */
export async function serveControl(
  database: string,
  controlled: Controlled,
): Promise<AsyncDisposable> {
  const token = crypto.randomUUID();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      if (request.headers.get("authorization") !== `Bearer ${token}`) {
        return failure(401, "unauthorized", "The token in the control file is required");
      }
      const { pathname } = new URL(request.url);
      if (request.method === "GET" && pathname === "/status") {
        return Response.json(controlled.status());
      }
      if (request.method === "POST" && pathname === "/stop") {
        controlled.stop();
        return Response.json({ stopping: true });
      }
      if (request.method === "POST") return await answer(controlled, pathname, request);
      return failure(404, "not_found", `No such request: ${request.method} ${pathname}`);
    },
  );
  const address: ControlAddress = {
    pid: Deno.pid,
    url: `http://127.0.0.1:${server.addr.port}`,
    token,
  };
  const path = controlFile(database);
  const temporary = `${path}.new`;
  await Deno.writeTextFile(temporary, JSON.stringify(address), { mode: 0o600 });
  await Deno.rename(temporary, path);
  return {
    async [Symbol.asyncDispose]() {
      await Deno.remove(path).catch(() => {});
      // Who asked may have been stopped in the middle of it.
      await atMost(ANSWERING_MS, server.shutdown());
    },
  };
}

async function answer(to: Controlled, pathname: string, request: Request): Promise<Response> {
  const body = await request.json().catch(() => null);
  try {
    const take = TAKERS[pathname];
    const taken = take === undefined
      ? answerAlerts(pathname, body, to.alerts)
      : await take(to, body);
    if (taken !== null) return Response.json(taken);
    return take === undefined
      ? failure(404, "not_found", `No such request: POST ${pathname}`)
      : failure(400, "bad_request", `The body of ${pathname} is not what it must be`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof NotYetError) return failure(503, "not_yet", message);
    return error instanceof RangeError
      ? failure(400, "bad_request", message)
      : failure(409, "refused", message);
  }
}

function failure(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}
