import { archivePath, BinanceRest } from "../../feed/mod.ts";
import type { Examination } from "./examination.ts";

/** A local clock further off than this is worth a note, ms. */
const SKEW_MS = 1_000;
/** What the exchange allows per minute and address. */
const WEIGHT_LIMIT = 2_400;
const DAY_MS = 86_400_000;
const TIMEOUT_MS = 10_000;

/** Whether REST answers, and how far the local clock is off. */
export async function examineClock(restUrl: string, signal: AbortSignal): Promise<Examination> {
  const subject = "REST, clock";
  try {
    const rest = new BinanceRest({ baseUrl: restUrl, timeoutMs: TIMEOUT_MS });
    const sentMs = Date.now();
    const exchangeMs = await rest.time(signal);
    const tookMs = Date.now() - sentMs;
    const skewMs = Math.round(sentMs + tookMs / 2 - exchangeMs);
    const finding = `${restUrl} answers in ${tookMs} ms; the local clock is ${
      Math.abs(skewMs)
    } ms ${skewMs < 0 ? "behind" : "ahead of"} the exchange`;
    return Math.abs(skewMs) > SKEW_MS
      ? {
        subject,
        state: "note",
        finding:
          `${finding}: bars follow the exchange's clock all the same; let the system set its own`,
      }
      : { subject, state: "ok", finding };
  } catch (error) {
    signal.throwIfAborted();
    return { subject, state: "fail", finding: (error as Error).message };
  }
}

/** How much of the request weight of this minute is used, by all programs of this address. */
export async function examineWeight(restUrl: string, signal: AbortSignal): Promise<Examination> {
  const subject = "weight";
  const response = await fetch(`${restUrl}/fapi/v1/ping`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch(() => null);
  await response?.body?.cancel();
  const header = response?.headers.get("x-mbx-used-weight-1m") ?? null;
  if (header === null) {
    return { subject, state: "note", finding: `${restUrl} does not tell how much weight is used` };
  }
  const used = Number(header);
  const finding = `${used} of ${WEIGHT_LIMIT} used in this minute, by all programs of this address`;
  return used > WEIGHT_LIMIT / 2
    ? { subject, state: "note", finding: `${finding}: repairs will have to wait` }
    : { subject, state: "ok", finding };
}

/** Whether the archive of past days can be reached. */
export async function examineArchive(
  archiveUrl: string,
  signal: AbortSignal,
): Promise<Examination> {
  const subject = "archive";
  const date = new Date(Date.now() - 4 * DAY_MS).toISOString().slice(0, 10);
  const path = archivePath({ kind: "aggTrades", symbol: "BTCUSDT", date });
  try {
    const response = await fetch(`${archiveUrl}${path}.CHECKSUM`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return response.ok
      ? { subject, state: "ok", finding: `${archiveUrl} has BTCUSDT of ${date}` }
      : {
        subject,
        state: "note",
        finding:
          `${archiveUrl} answers ${response.status} for BTCUSDT of ${date}: backfill reaches 48 hours`,
      };
  } catch (error) {
    signal.throwIfAborted();
    return {
      subject,
      state: "note",
      finding: `${archiveUrl} cannot be reached (${
        (error as Error).message
      }): backfill reaches 48 hours`,
    };
  }
}
