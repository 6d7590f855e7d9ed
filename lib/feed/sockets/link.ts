import { backoffDelaysMs, type Pacer, type PrioritySlots, sleep } from "../../streams/mod.ts";
import type { StatusEvent } from "../feed.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import type { Wire } from "../venue/follow.ts";
import { Handover } from "./handover.ts";
import type { TimeTeller } from "../venue/adapter.ts";
import { explainSocketFailure, openSocket } from "./socket.ts";

/** How a connection is kept up, and whom that is told. */
export interface LinkOptions extends ConnectionOptions {
  /** Explains why there is no connection. */
  readonly rest: TimeTeller;
  readonly connectTimeoutMs: number;
  /** About how old a connection may become before another takes its place, ms. */
  readonly rotateMs: number;
  /** How long two connections overlap at least when one takes the place of the other, ms. */
  readonly overlapMs: number;
  readonly random: () => number;
  /** Keeps connection attempts apart, those of other links too. */
  readonly connects: Pacer;
  /** Lets one connection at a time be replaced, over all links. */
  readonly rotations: PrioritySlots;
  readonly onOpen: (connection: Connection) => void;
  readonly onStatus: (status: StatusEvent["status"], message: string) => void;
}

const BACKOFF = { baseMs: 500, capMs: 30_000 };

/** Connections are replaced at an age of `rotateMs`, give or take this share of it. */
const ROTATE_JITTER = 0.03;

/** Two connections overlap at most so many times as long as at least. */
const MOST_OVERLAPS = 20;

const OVERLAP_LOOK_MS = 50;

/** Keeps one connection up: connects, backs off, and replaces it before the exchange cuts it off. */
export class Link {
  readonly #options: LinkOptions;
  readonly #connections = new Set<Connection>();
  readonly #closing = new Set<Promise<void>>();
  readonly #asked = new WeakMap<Wire, AbortController>();

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** What is open: one connection, while it is replaced two, or none. */
  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Keeps a connection up. Never fails; ends when the signal is aborted, with all closed. */
  async run(signal: AbortSignal): Promise<void> {
    const { onStatus } = this.#options;
    let delays = this.#delays();
    let connection: Connection | null = null;
    while (!signal.aborted) {
      connection ??= await this.#open(signal);
      if (connection !== null) {
        const next = await this.#stay(connection, signal);
        if (connection.lastDataMs !== null) delays = this.#delays();
        connection = next;
      }
      if (connection !== null || signal.aborted) continue;
      const delayMs = delays.next().value;
      onStatus("reconnecting", `Connecting again in ${(delayMs / 1_000).toFixed(1)} s`);
      await sleep(delayMs, signal).catch(() => {});
    }
    for (const open of this.#connections) this.#end(open);
    await Promise.all(this.#closing);
  }

  /** Has a connection replaced now: the exchange has announced that it will close it. */
  replaceSoon(wire: Wire): void {
    this.#asked.get(wire)?.abort();
  }

  #delays(): Generator<number, never, void> {
    return backoffDelaysMs({ ...BACKOFF, random: this.#options.random });
  }

  async #open(signal: AbortSignal): Promise<Connection | null> {
    const { wire: { url }, rest, connectTimeoutMs, connects, onOpen, onStatus } = this.#options;
    try {
      await connects.turn(signal);
      onStatus("connecting", `Connecting to ${url}`);
      const socket = await openSocket(url, connectTimeoutMs, signal);
      const connection = new Connection(socket, this.#options);
      this.#connections.add(connection);
      onOpen(connection);
      connection.sync();
      return connection;
    } catch (error) {
      if (signal.aborted) return null;
      const reason = await explainSocketFailure(error, url, connectTimeoutMs, rest, signal);
      if (!signal.aborted) onStatus("closed", reason);
      return null;
    }
  }

  /** Stays with a connection to its end; returns the one that has taken its place, if any. */
  async #stay(connection: Connection, signal: AbortSignal): Promise<Connection | null> {
    const { rotateMs, rotations, random } = this.#options;
    const over = AbortSignal.any([signal, connection.over]);
    let next: Connection | null = null;
    let dueMs = rotateMs * (1 + ROTATE_JITTER * (2 * random() - 1));
    const delays = this.#delays();
    while (next === null && !over.aborted) {
      const asked = new AbortController();
      this.#asked.set(connection, asked);
      await sleep(dueMs, AbortSignal.any([over, asked.signal])).catch(() => {});
      if (over.aborted) break;
      next = await rotations.run(0, over, () => this.#replace(connection, signal))
        .catch(() => null);
      dueMs = delays.next().value;
    }
    this.#end(connection);
    if (next === null && !signal.aborted) {
      this.#options.onStatus("closed", connection.over.reason);
    }
    return next;
  }

  /** Puts another connection beside an old one until nothing is lost without the old one. */
  async #replace(old: Connection, signal: AbortSignal): Promise<Connection | null> {
    const { wire: { url }, overlapMs, onStatus } = this.#options;
    const next = await this.#open(signal);
    if (next === null) return null;
    const handover = new Handover<Wire>(old, next);
    old.handover = next.handover = handover;
    const either = AbortSignal.any([signal, old.over, next.over]);
    const untilMs = Date.now() + MOST_OVERLAPS * overlapMs;
    while (!either.aborted && Date.now() < untilMs) {
      const overlappedMs = Date.now() - (next.syncedMs ?? Infinity);
      if (overlappedMs >= overlapMs && next.lastDataMs !== null && handover.waiting === 0) break;
      await sleep(OVERLAP_LOOK_MS, either).catch(() => {});
    }
    old.handover = next.handover = null;
    if (signal.aborted) return null;
    if (next.over.aborted || (next.lastDataMs === null && !old.over.aborted)) {
      this.#end(next);
      onStatus("notice", `Cannot replace a connection of ${url} yet: the new one gives no data`);
      return null;
    }
    const { waiting } = handover;
    onStatus(
      "replaced",
      `Replaced a connection of ${url} after ${duration(Date.now() - old.openedMs)}` +
        (waiting === 0
          ? ""
          : `; ids that ${waiting} symbol${waiting === 1 ? "" : "s"} may lack are repaired`),
    );
    return next;
  }

  #end(connection: Connection): void {
    this.#connections.delete(connection);
    const closing = connection.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

function duration(ms: number): string {
  return ms < 3_600_000 ? `${Math.round(ms / 1_000)} s` : `${(ms / 3_600_000).toFixed(1)} h`;
}
