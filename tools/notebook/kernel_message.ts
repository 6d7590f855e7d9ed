import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

/** The sockets of a kernel that we use: two answer, `iopub` tells everyone. */
export type Channel = "shell" | "control" | "iopub";

/** What a kernel message holds; which fields depends on its type. */
export interface MessageContent {
  readonly status?: "ok" | "error" | "aborted";
  readonly execution_state?: "busy" | "idle" | "starting";
  readonly execution_count?: number;
  readonly name?: string;
  readonly text?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: unknown;
  readonly transient?: { readonly display_id?: string };
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
  readonly tag?: string;
}

/** A message from the kernel. */
export interface KernelMessage {
  /** Where it came from. */
  readonly channel: Channel;
  /** For example `stream`, `display_data` or `execute_reply`. */
  readonly type: string;
  /** The request it belongs to, or `null`. */
  readonly requestId: string | null;
  /** What it says. */
  readonly content: MessageContent;
}

/** A message to the kernel. */
export interface Request {
  /** Names it; answers carry it as `requestId`. */
  readonly id: string;
  /** Names the client. */
  readonly session: string;
  /** For example `execute_request`. */
  readonly type: string;
  /** What it says. */
  readonly content: unknown;
}

const DELIMITER = "<IDS|MSG>";

/**
 * Returns the frames of a request, signed (Jupyter messaging 5.3).
 *
 * @param request The request.
 * @param key The key of the connection file.
 * @returns The frames.
 */
export function encodeRequest(request: Request, key: string): Uint8Array[] {
  const header = {
    msg_id: request.id,
    session: request.session,
    username: "tandem",
    date: new Date().toISOString(),
    msg_type: request.type,
    version: "5.3",
  };
  const parts = [header, {}, {}, request.content].map((part) => Buffer.from(JSON.stringify(part)));
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return [Buffer.from(DELIMITER), Buffer.from(hmac.digest("hex")), ...parts];
}

/**
 * Returns what the frames of a message say.
 *
 * @param channel Where they came from.
 * @param frames The frames.
 * @returns The message.
 */
export function decodeMessage(channel: Channel, frames: readonly Uint8Array[]): KernelMessage {
  const decoder = new TextDecoder();
  const start = frames.findIndex((frame) => decoder.decode(frame) === DELIMITER);
  const parse = (i: number) => JSON.parse(decoder.decode(frames[start + i]));
  const [header, parent, content] = [parse(2), parse(3), parse(5)];
  return { channel, type: header.msg_type, requestId: parent.msg_id ?? null, content };
}
