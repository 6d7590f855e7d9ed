import type { z } from "zod";
import { networkFailure, RestError } from "./rest_error.ts";

/** Where a question goes and how long it may take. */
export interface RestQuestion {
  /** The address of REST, without a trailing slash. */
  readonly baseUrl: string;
  readonly path: string;
  /** What is asked; what is `undefined` is left out. */
  readonly parameters: Readonly<Record<string, string | number | undefined>>;
  /** Its body included, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What came back. */
export interface RestAnswer {
  readonly response: Response;
  /** The body, whole; `undefined` where it is no JSON. */
  readonly answer: unknown;
}

/**
 * Asks a REST door once.
 *
 * @throws {RestError} If no answer came, with status `null`; the signal's reason if it is aborted.
 */
export async function askRest(
  { baseUrl, path, parameters, timeoutMs, signal }: RestQuestion,
): Promise<RestAnswer> {
  const url = new URL(`${baseUrl}${path}`);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  try {
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    return { response, answer: jsonOf(await response.text()) };
  } catch (error) {
    signal?.throwIfAborted();
    throw new RestError(`${baseUrl}${path} ${networkFailure(error, timeoutMs)}`, {
      status: null,
      cause: error,
    });
  }
}

/**
 * Returns an answer in the shape that it is to have.
 *
 * @throws {RestError} If it has another one.
 */
export function shapedAnswer<T>(
  answer: unknown,
  shape: z.ZodType<T>,
  { baseUrl, path }: Pick<RestQuestion, "baseUrl" | "path">,
): T {
  const { data, error } = shape.safeParse(answer);
  if (error === undefined) return data!;
  const issue = error.issues[0]!;
  throw unexpectedAnswer(baseUrl, path, `${issue.path.join(".") || "it"}: ${issue.message}`);
}

/** What a client of one door says of an answer that is not what was asked for. */
export function unexpectedAnswer(baseUrl: string, path: string, what: string): RestError {
  return new RestError(`${baseUrl}${path} gave an answer that cannot be read: ${what}`, {
    status: 200,
  });
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
