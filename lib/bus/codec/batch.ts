import { crc32 } from "node:zlib";
import type { FeedEvent } from "../../market/mod.ts";
import { BatchError } from "../bus_error.ts";
import { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";
import { type SymbolTable, TradeColumnsReader, TradeColumnsWriter } from "./trade_columns.ts";

/** The first bytes of every batch: "TDM" and the version of what follows. */
const MAGIC = [0x54, 0x44, 0x4d];
const VERSION = 1;
/** Magic, version, and the CRC-32 of the rest. */
const HEAD_BYTES = 8;

const KINDS: ReadonlySet<string> = new Set<Exclude<FeedEvent["kind"], "trade">>([
  ...["skipped", "gap", "quarantine", "duplicate", "watermark", "status", "clock"] as const,
]);

/** Who sent a batch, and which of its batches to the same partition it is. */
export interface BatchOrigin {
  /** The name of the feed. */
  readonly feed: string;
  /** When that feed was started, local ms since the epoch: each start counts anew. */
  readonly startedAtMs: number;
  /** How many batches it had sent to this partition before. */
  readonly number: number;
}

/** Events of a feed that travel together, in their order. */
export interface EventBatch {
  /** Where it comes from. */
  readonly origin: BatchOrigin;
  /** The events. */
  readonly events: readonly FeedEvent[];
}

/** Everything of a batch but its trades. */
interface Rest {
  readonly origin: BatchOrigin;
  readonly trades: number;
  readonly symbols: SymbolTable;
  /** Each after so many trades. */
  readonly others: readonly (readonly [after: number, event: FeedEvent])[];
}

/**
 * Returns a batch as bytes: trades as columns, everything else as JSON with its place among them.
 *
 * @example There and back
 * ```ts
 * import { decodeBatch, encodeBatch, type EventBatch } from "tandem/bus";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const batch: EventBatch = {
 *   origin: { feed: "a", startedAtMs: 1_721_347_000_000, number: 0 },
 *   events: [
 *     { kind: "trade", eventTimeMs: 1_721_347_020_003, receivedMs: 1_721_347_020_017,
 *       trade: { venue: "binance-usdm", symbol: "BTCUSDT", tradeId: 7, timeMs: 1_721_347_020_001,
 *         price: 63_999.9, quantity: 0.002, takerSide: "sell", source: "ws" } },
 *     { kind: "watermark", symbols: ["BTCUSDT"], timeMs: 1_721_347_019_500 },
 *   ],
 * };
 * deepStrictEqual(decodeBatch(encodeBatch(batch)), batch);
 * ```
 *
 * @param batch The events and where they come from.
 * @returns The bytes.
 * @throws {RangeError} If an id or a time of a trade is no whole number in [0, 2^53).
 */
export function encodeBatch({ origin, events }: EventBatch): Uint8Array<ArrayBuffer> {
  const columns = new TradeColumnsWriter();
  const others: [number, FeedEvent][] = [];
  for (const event of events) {
    if (event.kind === "trade") columns.push(event);
    else others.push([columns.length, event]);
  }
  const rest: Rest = { origin, trades: columns.length, symbols: columns.symbols, others };
  const body = new ByteWriter();
  body.block(new TextEncoder().encode(JSON.stringify(rest)));
  columns.writeTo(body);
  const bytes = new Uint8Array(HEAD_BYTES + body.bytes.length);
  bytes.set([...MAGIC, VERSION]);
  bytes.set(body.bytes, HEAD_BYTES);
  new DataView(bytes.buffer).setUint32(4, crc32(body.bytes));
  return bytes;
}

/**
 * Returns the batch that `encodeBatch()` made bytes of.
 *
 * @example What is no batch
 * ```ts
 * import { BatchError, decodeBatch } from "tandem/bus";
 * import { throws } from "node:assert/strict";
 *
 * throws(() => decodeBatch(new Uint8Array(20)), BatchError);
 * ```
 *
 * @param bytes The bytes.
 * @returns The events and where they come from.
 * @throws {BatchError} If the bytes are damaged, or of a version this program does not know.
 */
export function decodeBatch(bytes: Uint8Array): EventBatch {
  if (bytes.length < HEAD_BYTES || MAGIC.some((byte, k) => bytes[k] !== byte)) {
    throw corrupt("it does not begin as batches do");
  }
  const version = bytes[3]!;
  if (version > VERSION) {
    throw new BatchError(
      "newer",
      `Cannot read a batch as it is of version ${version}, and this program knows up to ${VERSION}: start a newer one`,
    );
  }
  if (version < VERSION) throw corrupt(`there is no version ${version}`);
  const body = bytes.subarray(HEAD_BYTES);
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(4) !== crc32(body)) {
    throw corrupt("its check sum is wrong");
  }
  try {
    return readBody(new ByteReader(body));
  } catch (cause) {
    throw corrupt(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function readBody(reader: ByteReader): EventBatch {
  const json = new TextDecoder("utf-8", { fatal: true }).decode(reader.block());
  const { origin, trades, symbols, others } = JSON.parse(json) as Rest;
  const columns = new TradeColumnsReader(reader, symbols);
  const events: FeedEvent[] = [];
  let taken = 0;
  for (const [after, event] of others) {
    if (!KINDS.has(event.kind)) throw new RangeError(`"${event.kind}" is no event`);
    for (; taken < after; taken++) events.push(columns.next());
    events.push(event);
  }
  for (; taken < trades; taken++) events.push(columns.next());
  if (!(columns.isAtEnd && reader.isAtEnd)) throw new RangeError("it holds more than it tells");
  return { origin, events };
}

function corrupt(why: string, cause?: unknown): BatchError {
  return new BatchError("corrupt", `Cannot read a batch as it is damaged: ${why}`, { cause });
}
