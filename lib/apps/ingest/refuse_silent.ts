import { z } from "zod";
import { type Context, ProgramError } from "../program.ts";
import { isRecorded, type Recorded } from "../with_option.ts";

/** What an exchange calls the streams of what can be recorded. */
const STREAMS: Readonly<Record<Recorded, string>> = {
  book: "bookTicker",
  mark: "markPrice@1s",
};

const ANSWER = z.array(z.string()).nullable();

/**
 * Refuses to wait for streams that a simulated exchange says it does not have: a replay has only
 * what was captured. Where some of the symbols have one it says which have not. What cannot be
 * reached is left for the next request to tell.
 *
 * @param restUrl Where its REST is.
 * @param symbols What is followed.
 * @throws {ProgramError} If none of the symbols has a stream that is wanted.
 */
export async function refuseSilent(
  restUrl: string,
  wanted: readonly Recorded[],
  symbols: readonly string[],
  { signal, report }: Pick<Context, "signal" | "report">,
): Promise<void> {
  const followed = symbols.filter(isRecorded);
  if (wanted.length === 0 || followed.length === 0) return;
  const had = await streamsAt(restUrl, signal);
  if (had === null) return;
  for (const what of wanted) {
    const stream = STREAMS[what];
    const without = followed.filter((s) => !had.has(`${s.toLowerCase()}@${stream}`));
    if (without.length === 0) continue;
    const some = without.slice(0, 5).join(", ") + (without.length > 5 ? ", …" : "");
    const reason = `the capture that the exchange at ${restUrl} replays has no ${stream} of ` +
      (without.length === 1 ? "it" : "them");
    if (without.length < followed.length) {
      report.warn(`No ${what} of ${some} is recorded: ${reason}`);
      continue;
    }
    throw new ProgramError(
      `Cannot record ${what} of ${some} as ${reason}: leave out --with ${what}`,
    );
  }
}

/** The streams that a replay has; `null` of any other exchange. */
async function streamsAt(restUrl: string, signal: AbortSignal): Promise<Set<string> | null> {
  try {
    const response = await fetch(`${restUrl}/tandem/v1/streams`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    const streams = ANSWER.parse(await response.json());
    return streams === null ? null : new Set(streams);
  } catch {
    return null;
  }
}
