import type { AlertChannel } from "./channel.ts";

/** An alert to be told. */
export interface AlertMessage {
  /** Number of the alert in its database; the same whenever it is sent again. */
  readonly alertId: number;
  /** The rule that fired. */
  readonly ruleId: string;
  /** Which threshold. */
  readonly side: "above" | "below";
  /** Exchange time, ms since the epoch. */
  readonly timeMs: number;
  /** The number that crossed. */
  readonly value: number;
  /** The threshold. */
  readonly threshold: number;
  /** What happened, in a sentence. */
  readonly sentence: string;
  /** Whether the market is a simulated one. */
  readonly simulated: boolean;
}

/** A request that tells an alert. */
export interface DeliveryRequest {
  /** Where it is posted. */
  readonly url: string;
  /** Its headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its body, JSON. */
  readonly body: string;
}

/**
 * Returns the request that tells an alert over a channel.
 *
 * A webhook gets the message as JSON. `tandem-alert-id` is the same whenever the alert is sent
 * again, so that a receiver can tell; with a secret, `tandem-signature` is `sha256=` and the HMAC
 * of `tandem-timestamp`, a dot and the body, in hexadecimal.
 *
 * @example A Discord channel
 * ```ts
 * import { deliveryRequest } from "tandem/alerts";
 * import { strictEqual } from "node:assert/strict";
 *
 * const channel = { kind: "discord", url: "https://discord.example/hook", allowPrivate: false } as const;
 * const { body } = await deliveryRequest(channel, {
 *   alertId: 7, ruleId: "eth", side: "above", timeMs: 0, value: 2.1, threshold: 2,
 *   sentence: "z-score rose to 2.1, threshold 2", simulated: true,
 * }, 0);
 * strictEqual(
 *   JSON.parse(body).content,
 *   "SIMULATED: z-score rose to 2.1, threshold 2 (eth, 1970-01-01T00:00:00.000Z)",
 * );
 * ```
 *
 * @param channel Where to.
 * @param message What.
 * @param nowMs Local time, ms since the epoch; it is part of what is signed.
 * @returns The request, to be posted.
 */
export async function deliveryRequest(
  channel: AlertChannel,
  message: AlertMessage,
  nowMs: number,
): Promise<DeliveryRequest> {
  const { ruleId, timeMs, sentence, simulated } = message;
  const headers = {
    "content-type": "application/json",
    "tandem-alert-id": String(message.alertId),
  };
  const text = `${simulated ? "SIMULATED: " : ""}${sentence} (${ruleId}, ${
    new Date(timeMs).toISOString()
  })`;
  switch (channel.kind) {
    case "discord": {
      const body = JSON.stringify({ content: text, allowed_mentions: { parse: [] } });
      return { url: channel.url, headers, body };
    }
    case "telegram": {
      const url = `${channel.url.replace(/\/$/, "")}/bot${channel.botToken}/sendMessage`;
      return { url, headers, body: JSON.stringify({ chat_id: channel.chatId, text }) };
    }
    case "webhook": {
      const body = JSON.stringify({ ...message, text });
      if (channel.secret === null) return { url: channel.url, headers, body };
      const timestamp = String(nowMs);
      const signature = await hmacSha256(channel.secret, `${timestamp}.${body}`);
      return {
        url: channel.url,
        headers: {
          ...headers,
          "tandem-timestamp": timestamp,
          "tandem-signature": `sha256=${signature}`,
        },
        body,
      };
    }
  }
}

async function hmacSha256(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))).toHex();
}
