import type { HearingStatus, LogStatus, RoleStatus, StoringStatus } from "../control/status.ts";

/** Bars of an ingest may be so far behind the exchange's clock, ms. */
export const MOST_BARS_LAG_MS = 60_000;
/** A store may be so far behind its log, ms. */
export const MOST_LOG_LAG_MS = 30_000;
/** So many events of a feed may wait for the log: then the feed itself is held up. */
export const MOST_WAITING = 100_000;

/** Why a program does not do its work now, a sentence each; nothing where it does. */
export function unready(status: RoleStatus): string[] {
  switch (status.role) {
    case "ingest": {
      const behind = status.lagMs !== null && status.lagMs > MOST_BARS_LAG_MS;
      return [
        ...deaf(status),
        ...unstored(status),
        ...(behind ? [`bars are ${inSeconds(status.lagMs!)} behind the exchange's clock`] : []),
      ];
    }
    case "feed":
      return [
        ...deaf(status),
        ...unreached(status.log),
        ...(status.waiting >= MOST_WAITING ? [`${status.waiting} events wait for the log`] : []),
      ];
    case "store":
      return [
        ...unreached(status.log),
        ...unstored(status),
        ...(status.standingBy === null ? [] : [`it stands by: ${status.standingBy}`]),
        ...(status.logLagMs > MOST_LOG_LAG_MS
          ? [`what is stored is ${inSeconds(status.logLagMs)} behind the log`]
          : []),
      ];
  }
}

function deaf({ connections, streams }: HearingStatus): string[] {
  if (connections.length === 0) return ["there is no connection to the exchange"];
  return Object.values(streams).includes("live") ? [] : ["no stream is live"];
}

function unreached({ isConnected, log, servers }: LogStatus): string[] {
  return isConnected ? [] : [`the log "${log}" at ${servers.join(", ")} cannot be reached`];
}

function unstored({ storage }: StoringStatus): string[] {
  return storage === null ? [] : [`nothing can be stored: ${storage.message}`];
}

function inSeconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
