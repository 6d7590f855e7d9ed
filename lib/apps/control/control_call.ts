import { NotYetError } from "../history/not_yet_error.ts";
import { ProgramError } from "../program.ts";
import type { ControlAddress } from "./control_server.ts";

/** What takes longer than this has failed, ms. */
const ANSWER_MS = 10_000;

/** How to speak of a program that is asked. */
export interface Named {
  /** For a sentence: `the ingest that writes "data/tandem.db"`. */
  readonly name: string;
  /** What to look at when it does not answer: `deno task logs`. */
  readonly logs: string;
}

/** Reads the file that tells where a program can be reached; `null` where there is none. */
export async function readAddress(path: string): Promise<ControlAddress | null> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch {
    return null;
  }
}

/**
 * Asks a running program.
 *
 * @throws {NotYetError} If it cannot do it yet.
 * @throws {ProgramError} If it does not answer, or refuses.
 */
export async function controlCall(
  address: ControlAddress,
  named: Named,
  method: string,
  path: string,
  { body, timeoutMs = ANSWER_MS }: { readonly body?: string; readonly timeoutMs?: number } = {},
): Promise<unknown> {
  let response: Response;
  let answer;
  try {
    response = await fetch(`${address.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${address.token}` },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    answer = await response.json();
  } catch (cause) {
    throw new ProgramError(
      `Cannot reach ${named.name} (process ${address.pid}) as it ${
        isTimeout(cause) ? `has not answered for ${timeoutMs / 1_000} s` : "does not answer"
      }: try again, or look at ${named.logs}`,
      { cause },
    );
  }
  if (response.status === 503) throw new NotYetError(answer.error?.message);
  if (!response.ok) throw new ProgramError(answer.error?.message ?? `HTTP ${response.status}`);
  return answer;
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}
