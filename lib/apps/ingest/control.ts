import { z } from "zod";
import type { FeedHealth, LatencySummary } from "../../feed/mod.ts";
import { answerAlerts, type ControlledAlerts } from "./control_alerts.ts";

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
  /** The local clock and the exchange's; `null` before they were compared. */
  readonly clock: FeedHealth["clock"];
  readonly connections: FeedHealth["connections"];
  /** How long frames took from the exchange to here in the last minutes; `null` without any. */
  readonly latency: LatencySummary | null;
  /** The same per symbol, of those with frames. */
  readonly streamLatency: Readonly<Record<string, LatencySummary>>;
}

/** What a running ingest can be asked. */
export interface Controlled {
  status(): IngestStatus;
  /** @throws {Error} If a symbol cannot be followed; the message says why. */
  change(add: readonly string[], remove: readonly string[]): Promise<void>;
  stop(): void;
  /** Its alerts. */
  readonly alerts: ControlledAlerts;
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
      if (request.method === "POST" && pathname === "/symbols") {
        const body = changeSchema.safeParse(await request.json().catch(() => null));
        if (!body.success) {
          return failure(400, "bad_request", `Send {"add": ["BTCUSDT"], "remove": []}`);
        }
        try {
          await controlled.change(body.data.add, body.data.remove);
          return Response.json(controlled.status());
        } catch (error) {
          return failure(409, "refused", error instanceof Error ? error.message : String(error));
        }
      }
      if (request.method === "POST") {
        try {
          const body = await request.json().catch(() => null);
          const answer = answerAlerts(pathname, body, controlled.alerts);
          if (answer !== null) return Response.json(answer);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          return failure(400, "bad_request", error.message);
        }
      }
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
      await server.shutdown();
    },
  };
}

function failure(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}
