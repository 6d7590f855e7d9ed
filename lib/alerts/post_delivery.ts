import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { DeliveryRequest } from "./delivery_request.ts";
import { isPrivateAddress } from "./private_address.ts";

/** What a receiver said. */
export type DeliveryAnswer =
  | { readonly kind: "taken" }
  /** We stopped before it answered. */
  | { readonly kind: "interrupted" }
  /** `failed` may pass by itself, `refused` does not. */
  | {
    readonly kind: "failed" | "refused";
    readonly problem: string;
    readonly retryAfterMs: number | null;
  };

const TIMEOUT_MS = 10_000;
/** Answers that no repetition changes. */
const FINAL = new Set([400, 401, 403, 404, 405, 410, 413, 415, 422]);

/** Posts a request. Addresses of this machine and of private networks must be allowed. */
export async function postDelivery(
  { url, headers, body }: DeliveryRequest,
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<DeliveryAnswer> {
  const { hostname } = new URL(url);
  try {
    if (!allowPrivate && await isPrivateHost(hostname)) {
      const problem =
        `${hostname} is an address of a private network, which the channel does not allow`;
      return { kind: "refused", problem, retryAfterMs: null };
    }
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    if (response.ok) return { kind: "taken" };
    const { status } = response;
    const isFinal = FINAL.has(status) || status >= 300 && status < 400;
    return {
      kind: isFinal ? "refused" : "failed",
      problem: `${hostname} answered with HTTP ${status}`,
      retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
    };
  } catch (error) {
    if (signal.aborted) return { kind: "interrupted" };
    // The message of a failed fetch repeats the address, in which there may be a secret.
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    const problem = isLate
      ? `${hostname} did not answer within ${TIMEOUT_MS / 1_000} s`
      : `${hostname} cannot be reached`;
    return { kind: "failed", problem, retryAfterMs: null };
  }
}

async function isPrivateHost(hostname: string): Promise<boolean> {
  const name = hostname.replace(/^\[|\]$/g, "");
  if (isIP(name) !== 0) return isPrivateAddress(name);
  const addresses = await lookup(name, { all: true });
  return addresses.some(({ address }) => isPrivateAddress(address));
}

function retryAfterMs(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && seconds > 0 ? Math.min(seconds * 1_000, 3_600_000) : null;
}
