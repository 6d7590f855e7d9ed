import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { binanceFeed, BinanceRest } from "../../feed/mod.ts";
import type { StreamKind } from "../../market/mod.ts";
import { isLeased, openReader, StoreError } from "../../store/mod.ts";
import type { DoctorOptions } from "../doctor.ts";
import type { Context } from "../program.ts";
import { examineJupyter } from "./examine_jupyter.ts";

/** What one check came to. */
export interface Examination {
  readonly subject: string;
  /** `note`: nothing is wrong, and there is something to know. */
  readonly state: "ok" | "note" | "fail";
  /** What was found, and what to do about it. */
  readonly finding: string;
}

/** A busy symbol: it trades several times a second. */
const BUSY_SYMBOL = "BTCUSDT";
/** How long a route may take to deliver a first frame, in ms. */
const ROUTE_MS = 10_000;
/** A local clock further off than this is worth a note, in ms. */
const SKEW_MS = 1_000;
const FREE_BYTES = 2 ** 30;

/** Runs every check; one that fails does not keep the others from running. */
export async function examine(
  { database, wsUrl, restUrl }: DoctorOptions,
  { signal, report }: Context,
): Promise<Examination[]> {
  const results = [examineRuntime(), examineDatabase(database), examineDisk(database)];
  report.progress("Asking the exchange");
  const rest = new BinanceRest({ baseUrl: restUrl });
  const clock = await examineRest(rest, restUrl, signal);
  results.push(clock);
  if (clock.state !== "fail") {
    report.progress("Waiting for data on both routes");
    results.push(
      ...await Promise.all([
        examineRoute("aggTrade", wsUrl, rest, signal),
        examineRoute("trade", wsUrl, rest, signal),
      ]),
    );
  } else {
    results.push({
      subject: "sockets",
      state: "note",
      finding: "not tried, as REST cannot be reached",
    });
  }
  results.push(...examineJupyter());
  return results;
}

function examineRuntime(): Examination {
  const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);
  const isNew = major > 2 || major === 2 && minor >= 9;
  return {
    subject: "runtime",
    state: isNew ? "ok" : "fail",
    finding: `Deno ${Deno.version.deno} on ${Deno.build.os}` +
      (isNew ? "" : ": version 2.9 or later is needed, start with npx -y deno@2.9.6"),
  };
}

function examineDatabase(database: string): Examination {
  const subject = "database";
  try {
    using reader = openReader(database);
    const count = reader.symbols().length;
    const writing = isLeased(database) ? "an ingest is writing it" : "no ingest is writing it";
    return { subject, state: "ok", finding: `${database} holds ${count} symbols; ${writing}` };
  } catch (error) {
    if (error instanceof StoreError && error.code === "missing") {
      return { subject, state: "note", finding: error.message };
    }
    return { subject, state: "fail", finding: (error as Error).message };
  }
}

function examineDisk(database: string): Examination {
  const subject = "disk";
  const folder = dirname(database);
  const probe = `${folder}/.probe-${Deno.pid}`;
  try {
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(probe, "");
    Deno.removeSync(probe);
  } catch (error) {
    return {
      subject,
      state: "fail",
      finding: `${folder} cannot be written (${
        (error as Error).message
      }): mend its permissions, or name another database with --db`,
    };
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = `${(bavail * bsize / 2 ** 30).toFixed(1)} GiB free in ${folder}`;
  return bavail * bsize < FREE_BYTES
    ? { subject, state: "note", finding: `${free}: that is little` }
    : { subject, state: "ok", finding: free };
}

async function examineRest(
  rest: BinanceRest,
  restUrl: string,
  signal: AbortSignal,
): Promise<Examination> {
  const subject = "REST, clock";
  try {
    const sentMs = Date.now();
    const exchangeMs = await rest.time(signal);
    const skewMs = Math.round((sentMs + Date.now()) / 2 - exchangeMs);
    const finding = `${restUrl} answers; the local clock is ${Math.abs(skewMs)} ms ${
      skewMs < 0 ? "behind" : "ahead of"
    } the exchange`;
    return Math.abs(skewMs) > SKEW_MS
      ? { subject, state: "note", finding: `${finding}: let the system set its clock` }
      : { subject, state: "ok", finding };
  } catch (error) {
    return { subject, state: "fail", finding: (error as Error).message };
  }
}

/** A route works when data has come; an acknowledgement proves nothing. */
async function examineRoute(
  streamKind: StreamKind,
  wsUrl: string,
  rest: BinanceRest,
  signal: AbortSignal,
): Promise<Examination> {
  const subject = streamKind;
  const done = new AbortController();
  const timer = setTimeout(() => done.abort(), ROUTE_MS);
  let said = "";
  try {
    const feed = binanceFeed({
      symbols: [BUSY_SYMBOL],
      streamKind,
      wsUrl,
      rest,
      signal: AbortSignal.any([signal, done.signal]),
      lastIds: new Map(),
    });
    for await (const events of feed) {
      if (events.some((e) => e.kind === "trade")) {
        done.abort();
        return {
          subject,
          state: "ok",
          finding: `${BUSY_SYMBOL} trades arrive from ${wsUrl}`,
        };
      }
      for (const e of events) if (e.kind === "status") said = e.message;
    }
  } finally {
    clearTimeout(timer);
    done.abort();
  }
  return {
    subject,
    state: "fail",
    finding: `no trade of ${BUSY_SYMBOL} came from ${wsUrl} within ${ROUTE_MS / 1_000} s` +
      (said === "" ? "" : `: ${said}`),
  };
}
