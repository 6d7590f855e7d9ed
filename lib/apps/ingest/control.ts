import { z } from "zod";
import { failure, notFound, serveControl } from "../control/control_server.ts";
import type { IngestStatus } from "../control/status.ts";
import { answerAlerts, type ControlledAlerts } from "./control_alerts.ts";
import type { BarBatch, BarsReceipt, TradeBatch, TradesReceipt } from "../history/history.ts";
import { NotYetError } from "../history/not_yet_error.ts";
import { decodeBars, decodeTrades } from "../history/wire.ts";
import { besideDatabase } from "../../store/mod.ts";

/** What a running ingest can be asked. */
export interface ControlledIngest {
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

const changeSchema = z.object({
  add: z.array(z.string()).default([]),
  remove: z.array(z.string()).default([]),
});

/** What an ingest takes, by path; `null` where the body is not what it must be. */
const TAKERS: Readonly<Record<string, (to: ControlledIngest, body: unknown) => unknown>> = {
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

/** The file that tells where the program that writes a database can be reached. */
export function controlFile(database: string): string {
  return `${besideDatabase(database)}.control.json`;
}

/** Lets other programs of this user ask an ingest for its status, change its symbols, end it. */
export async function serveIngestControl(
  database: string,
  controlled: ControlledIngest,
): Promise<AsyncDisposable> {
  return await serveControl(controlFile(database), {
    status: controlled.status,
    stop: controlled.stop,
    answer: (pathname, request) => answer(controlled, pathname, request),
  });
}

async function answer(to: ControlledIngest, pathname: string, request: Request): Promise<Response> {
  const body = await request.json().catch(() => null);
  try {
    const take = TAKERS[pathname];
    const taken = take === undefined
      ? answerAlerts(pathname, body, to.alerts)
      : await take(to, body);
    if (taken !== null) return Response.json(taken);
    return take === undefined
      ? notFound("POST", pathname)
      : failure(400, "bad_request", `The body of ${pathname} is not what it must be`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof NotYetError) return failure(503, "not_yet", message);
    return error instanceof RangeError
      ? failure(400, "bad_request", message)
      : failure(409, "refused", message);
  }
}
