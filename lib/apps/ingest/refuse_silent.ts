import { ProgramError } from "../program.ts";
import type { Recorded } from "../with_option.ts";

/** What an exchange calls the streams of what can be recorded. */
const STREAMS: Readonly<Record<Recorded, string>> = {
  book: "bookTicker",
  mark: "markPrice@1s",
};

/**
 * Refuses to wait for streams that a simulated exchange says it does not have: a replay has only
 * what was captured. What cannot be reached is left for the next request to tell.
 *
 * @param url An address of its REST.
 * @throws {ProgramError} If one is missing.
 */
export async function refuseSilent(
  url: string,
  wanted: readonly Recorded[],
  signal: AbortSignal,
): Promise<void> {
  if (wanted.length === 0) return;
  const had = await streamsAt(url, signal);
  const missing = had === null ? undefined : wanted.find((what) => !had.includes(STREAMS[what]));
  if (missing === undefined) return;
  throw new ProgramError(
    `Cannot record ${missing} as the capture that the exchange at ${url} replays has no ` +
      `${STREAMS[missing]} in it: leave out --with ${missing}`,
  );
}

/** The kinds of streams that a replay has; `null` of any other exchange. */
async function streamsAt(url: string, signal: AbortSignal): Promise<string[] | null> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    await response.body?.cancel();
    return response.headers.get("x-tandem-streams")?.split(",") ?? null;
  } catch {
    return null;
  }
}
