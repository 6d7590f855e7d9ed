import { isIP } from "node:net";
import { z } from "zod";
import { isPrivateAddress } from "./private_address.ts";

/** Where word of an alert goes. */
export type AlertChannel = WebhookChannel | TelegramChannel | DiscordChannel;

/** A web server of the user's own. */
export interface WebhookChannel {
  /** Tells the channels apart. */
  readonly kind: "webhook";
  /** Where a JSON message is posted. */
  readonly url: string;
  /** Key of the signature; `null` for none. */
  readonly secret: string | null;
  /** Whether the address may be one of this machine or of a private network. */
  readonly allowPrivate: boolean;
}

/** A chat of a Telegram bot. */
export interface TelegramChannel {
  /** Tells the channels apart. */
  readonly kind: "telegram";
  /** Where the bot service is. */
  readonly url: string;
  /** What its maker was given. */
  readonly botToken: string;
  /** Who is written to. */
  readonly chatId: string;
  /** Whether the address may be one of this machine or of a private network. */
  readonly allowPrivate: boolean;
}

/** A webhook of a Discord channel. */
export interface DiscordChannel {
  /** Tells the channels apart. */
  readonly kind: "discord";
  /** The webhook's address. */
  readonly url: string;
  /** Whether the address may be one of this machine or of a private network. */
  readonly allowPrivate: boolean;
}

const url = z.url({ protocol: /^https?$/, error: "must be an http or https address" });
const allowPrivate = z.boolean().default(false);
const schema = z.record(
  z.string().regex(/^[\p{L}\p{N}._-]{1,64}$/u, "must be 1 to 64 letters, digits, . _ or -"),
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("webhook"),
      url,
      secret: z.string().min(8).nullable().default(null),
      allowPrivate,
    }),
    z.strictObject({
      kind: z.literal("telegram"),
      url: url.default("https://api.telegram.org"),
      botToken: z.string().min(1),
      chatId: z.union([z.string(), z.number()]).transform(String),
      allowPrivate,
    }),
    z.strictObject({ kind: z.literal("discord"), url, allowPrivate }),
  ]),
);

/**
 * Reads channels as people write them. A text `env:NAME` stands for an environment variable, so
 * that secrets need not be in a file.
 *
 * @example A webhook whose key is in the environment
 * ```ts
 * import { readAlertChannels } from "tandem/alerts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const text = { desk: { kind: "webhook", url: "https://desk.example/hook", secret: "env:KEY" } };
 * const channels = readAlertChannels(text, (name) => name === "KEY" ? "a long key" : undefined);
 * deepStrictEqual(channels.get("desk"), {
 *   kind: "webhook", url: "https://desk.example/hook", secret: "a long key", allowPrivate: false,
 * });
 * ```
 *
 * @param input Channels by name.
 * @param environment Gives the value of an environment variable.
 * @returns The channels by name.
 * @throws {RangeError} If one is no channel, or a variable is not set; secrets are not repeated.
 */
export function readAlertChannels(
  input: unknown,
  environment: (name: string) => string | undefined,
): ReadonlyMap<string, AlertChannel> {
  const { data, error } = schema.safeParse(withEnvironment(input, environment));
  if (error === undefined) {
    for (const [name, { url, allowPrivate }] of Object.entries(data)) {
      const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
      const isPrivate = host === "localhost" || isIP(host) !== 0 && isPrivateAddress(host);
      if (!isPrivate || allowPrivate) continue;
      throw new RangeError(
        `Cannot take the alert channel "${name}" as ${host} is an address of this machine or a private network: say "allowPrivate": true to allow it`,
      );
    }
    return new Map(Object.entries(data));
  }
  const [issue] = error.issues;
  const [name, ...place] = issue?.path ?? [];
  const what = place.length === 0 ? "" : `"${place.join(".")}": `;
  throw new RangeError(`Cannot take the alert channel "${String(name)}": ${what}${issue!.message}`);
}

function withEnvironment(input: unknown, environment: (name: string) => string | undefined) {
  const value = (text: unknown) => {
    const name = typeof text === "string" ? /^env:(\w+)$/.exec(text)?.[1] : undefined;
    if (name === undefined) return text;
    const found = environment(name);
    if (found !== undefined && found !== "") return found;
    throw new RangeError(`Cannot read the alert channels as the variable ${name} is not set`);
  };
  const isRecord = (x: unknown): x is object => typeof x === "object" && x !== null;
  if (!isRecord(input)) return input;
  return Object.fromEntries(
    Object.entries(input).map(([name, channel]) => [
      name,
      isRecord(channel)
        ? Object.fromEntries(Object.entries(channel).map(([key, text]) => [key, value(text)]))
        : channel,
    ]),
  );
}
