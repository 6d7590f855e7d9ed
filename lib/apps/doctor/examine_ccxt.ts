import { CcxtRest, RestError } from "../../feed/mod.ts";
import { ccxtVenue, type Venue } from "../../market/mod.ts";
import type { Examination } from "./examination.ts";

/** Whether the gateway gives those venues that are reached through ccxt. */
export function examineCcxt(
  venues: readonly Venue[],
  url: string,
  signal: AbortSignal,
): Promise<Examination>[] {
  return venues.filter(({ code, prefix }) => prefix !== null && ccxtVenue(prefix).code === code)
    .map(({ prefix }) => ask(prefix!, url, signal));
}

async function ask(name: string, url: string, signal: AbortSignal): Promise<Examination> {
  const subject = "ccxt";
  const startMs = performance.now();
  try {
    await new CcxtRest(name, { baseUrl: url, timeoutMs: 10_000 }).time(signal);
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    // Some venues do not tell their time.
    if (error.status !== 501) return { subject, state: "note", finding: error.message };
  }
  const tookMs = Math.round(performance.now() - startMs);
  return { subject, state: "ok", finding: `${url} gives ${name}, which answers in ${tookMs} ms` };
}
