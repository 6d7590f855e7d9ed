import { abortable } from "../../streams/mod.ts";
import type { TimeTeller } from "../venue/adapter.ts";
import { isTimeout, networkFailure, RestError } from "../rest_error.ts";

/** How long a closing handshake is waited for, ms. */
const CLOSE_MS = 2_000;

/** How long a failure may take to be explained, ms. */
const PROBE_MS = 5_000;

/**
 * Opens a socket for text frames.
 *
 * @throws {Error} With the runtime's reason, if there is no socket within the time.
 */
export async function openSocket(
  url: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<WebSocket> {
  signal.throwIfAborted();
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.onopen = () => resolve();
  socket.onerror = (event) => reject(new Error((event as ErrorEvent).message));
  socket.onclose = () => reject(new Error("closed before it was open"));
  try {
    const timeout = AbortSignal.timeout(timeoutMs);
    await abortable(promise, AbortSignal.any([signal, timeout]));
    return socket;
  } catch (error) {
    await closeSocket(socket);
    throw error;
  }
}

/** Closes a socket; waits for the other side only so long. Never fails. */
export async function closeSocket(socket: WebSocket): Promise<void> {
  socket.onmessage = null;
  socket.onerror = null;
  if (socket.readyState === WebSocket.CLOSED) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CLOSE_MS);
  socket.onclose = () => resolve();
  if (socket.readyState < WebSocket.CLOSING) socket.close();
  await promise;
  clearTimeout(timer);
}

/**
 * Returns a sentence that says why a socket could not be opened. The runtime's reason is terse, so
 * the same address is asked over HTTP, and after it the REST door.
 */
export async function explainSocketFailure(
  error: unknown,
  url: string,
  timeoutMs: number,
  rest: TimeTeller,
  signal: AbortSignal,
): Promise<string> {
  const cannot = `Cannot open ${url}`;
  if (isTimeout(error)) return `${cannot}: it ${networkFailure(error, timeoutMs)}`;
  const within = AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]);
  let status: number;
  let said: string | null;
  try {
    const response = await fetch(url.replace(/^ws/, "http"), { signal: within });
    status = response.status;
    said = sentence(await response.text());
  } catch (failure) {
    return `${cannot}: it ${networkFailure(failure, PROBE_MS)}`;
  }
  const why = said === null ? "" : `: "${said}"`;
  if (status === 451) return `${cannot}: this place may not use the exchange (451)${why}`;
  if (status === 403) return `${cannot}: a firewall refuses this address (403)${why}`;
  if (status === 418 || status === 429) return `${cannot}: too many requests (${status})${why}`;
  if (status >= 500) return `${cannot}: the exchange has a fault (${status})${why}`;
  try {
    await rest.time(within);
  } catch (failure) {
    if (failure instanceof RestError) return `${cannot}: ${failure.message}`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `${cannot}: ${reason}; check the address`;
}

function sentence(body: string): string | null {
  try {
    const { msg } = JSON.parse(body);
    return typeof msg === "string" ? msg : null;
  } catch {
    return null;
  }
}
