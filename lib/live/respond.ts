import type { HubError } from "./hub_error.ts";

/** On every answer: nothing is guessed, framed, cached or read by other sites. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** Answers with a value as JSON; absent numbers are `null`. */
export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: SAFE_HEADERS });
}

/** Answers with `{ error: { code, message } }`. */
export function refuse(error: HubError): Response {
  return json({ error: error.toFailure() }, error.status);
}

/** Answers with text that is made as it is read. */
export function stream(
  chunks: Iterable<string>,
  headers: Readonly<Record<string, string>>,
): Response {
  const body = ReadableStream.from(chunks).pipeThrough(new TextEncoderStream());
  return new Response(body, { headers: { ...SAFE_HEADERS, ...headers } });
}

/** What a file must not be called on one system or another. */
// deno-lint-ignore no-control-regex -- control characters are among it
const UNSAFE = /[<>:"/\\|?*\x00-\x1f\x7f]/g;

/** The header that has an answer saved as a file, under a name that every system takes. */
export function savedAs(name: string): Readonly<Record<"content-disposition", string>> {
  const safe = encodeURIComponent(name.replace(UNSAFE, "-"));
  return { "content-disposition": `attachment; filename*=UTF-8''${safe}` };
}
