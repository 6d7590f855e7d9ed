import type { FaultKind } from "./fault_plan.ts";
import {
  BINANCE_FRAMES,
  broken,
  type FrameForm,
  giant,
  pick,
  shifted,
  split,
} from "./fault_frame.ts";
import type { FaultLog } from "./fault_log.ts";
import type { FaultSocket, FaultyLine, OutgoingFrame } from "./faults.ts";
import { BYBIT_FRAMES } from "./bybit/bybit_frames.ts";
import { OKX_FRAMES } from "./okx/okx_frames.ts";

/** What the lines of all connections share. */
export interface FaultSource {
  readonly log: FaultLog;
  /** Draws from [0, 1). */
  readonly draw: () => number;
  /** Draws whether a fault happens now. */
  readonly happens: (kind: FaultKind) => boolean;
  /** How far the exchange's clock is off, ms. */
  readonly clock: { offsetMs: number };
}

/** A stall or a late answer lasts up to this long, ms. */
const LATE_MS = 1_200;

/** A frame is overtaken by so many others at most. */
const MOST_OVERTAKING = 30;

/** A leap is an event time so far ahead, ms. */
const LEAP_MS = 3_600_000;

/** A jump of the clock is between these, ms, in either direction. */
const JUMP_MS = { least: 100, most: 600_000 };

type Corruption = (
  form: FrameForm,
  text: string,
  draw: () => number,
) => string | readonly string[];

const CORRUPTIONS: readonly (readonly [FaultKind, Corruption])[] = [
  ["corrupt", (_, text, draw) => broken(text, draw)],
  ["mistype", (form, text, draw) => form.mistyped(text, draw)],
  ["zero", (form, text, draw) => form.zeroed(text, draw)],
  ["unknown", (form, text, draw) => form.unheardOf(text, draw)],
  ["stranger", (form, text, draw) => form.estranged(text, draw)],
  ["split", (_, text, draw) => split(text, draw)],
];

const FORMS = [BINANCE_FRAMES, OKX_FRAMES, BYBIT_FRAMES];

/** Lets random faults happen to the frames of one connection. */
export class RandomLine implements FaultyLine {
  readonly #source: FaultSource;
  readonly #socket: FaultSocket;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  /** Frames that others overtake, each with how many still have to. */
  #overtaken: { text: string; waits: number }[] = [];
  /** What a stalled connection has still to send; `null` when it does not stall. */
  #stalled: string[] | null = null;
  #isDead = false;

  constructor(source: FaultSource, socket: FaultSocket, lifetimeMs: number | null) {
    this.#source = source;
    this.#socket = socket;
    if (lifetimeMs !== null) {
      this.#later(lifetimeMs, () => {
        source.log.count("lifetime");
        socket.close(1001, "Connection has reached its age");
      });
    }
  }

  send({ stream, text }: OutgoingFrame): void {
    if (stream === null) this.#reply(text);
    else this.#frame(this.#timed(text));
    this.#release();
  }

  closed(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#isDead = true;
  }

  /** The text with the time of a clock that may be off. */
  #timed(text: string): string {
    const { offsetMs } = this.#source.clock;
    return offsetMs === 0 ? text : shifted(text, offsetMs);
  }

  #reply(text: string): void {
    const { happens, draw, log } = this.#source;
    if (happens("no-ack")) {
      log.count("no-ack");
    } else if (happens("late-ack")) {
      log.count("late-ack");
      this.#later(draw() * LATE_MS, () => this.#put(text));
    } else {
      this.#put(text);
    }
  }

  #frame(text: string): void {
    const { happens, draw, log } = this.#source;
    const form = FORMS.find((f) => f.tradeOf(text) !== null);
    if (form === undefined) return this.#put(text);
    const trade = form.tradeOf(text)!;
    this.#breakDown();
    if (this.#isDead) return;
    const { symbol, tradeId } = trade;
    const isOfBinance = form === BINANCE_FRAMES;
    // What vanishes has to vanish from REST as well, and only some frames tell when they were sent.
    if (isOfBinance && log.isVanished(trade, () => happens("vanish"))) return;
    if (happens("skip")) return log.count("skip");
    for (const [kind, corrupted] of CORRUPTIONS) {
      if (!happens(kind)) continue;
      log.count(kind);
      for (const wrong of [corrupted(form, text, draw)].flat()) {
        log.sentCorrupt({ kind, symbol, tradeId, text: wrong });
        this.#put(wrong);
      }
      return;
    }
    let sent = text;
    if (isOfBinance && happens("leap")) {
      log.count("leap");
      sent = shifted(sent, LEAP_MS);
    }
    if (happens("giant")) {
      log.count("giant");
      sent = giant(sent);
    }
    if (happens("duplicate")) {
      log.count("duplicate");
      this.#put(sent);
      this.#overtaken.push({ text: sent, waits: Math.floor(draw() * MOST_OVERTAKING) });
    } else if (happens("reorder")) {
      log.count("reorder");
      this.#overtaken.push({ text: sent, waits: 1 + Math.floor(draw() * MOST_OVERTAKING) });
    } else {
      this.#put(sent);
    }
  }

  /** What happens to the connection as a whole. */
  #breakDown(): void {
    const { happens, draw, log, clock } = this.#source;
    if (this.#isDead) return;
    if (happens("jump")) {
      log.count("jump");
      const { least, most } = JUMP_MS;
      clock.offsetMs = pick([-1, 1], draw) * Math.round(least * (most / least) ** draw());
    }
    if (happens("drop")) {
      log.count("drop");
      this.#socket.close(1012, "Service restart");
    } else if (happens("policy")) {
      log.count("policy");
      this.#socket.close(1008, "Too many requests");
    } else if (happens("half-open")) {
      log.count("half-open");
      this.#isDead = true;
    } else if (this.#stalled === null && happens("stall")) {
      log.count("stall");
      this.#stalled = [];
      this.#later(draw() * LATE_MS, () => {
        const waiting = this.#stalled ?? [];
        this.#stalled = null;
        for (const text of waiting) this.#put(text);
      });
    }
  }

  /** Sends what was overtaken often enough. */
  #release(): void {
    if (this.#overtaken.length === 0) return;
    for (const frame of this.#overtaken) if (--frame.waits < 0) this.#put(frame.text);
    this.#overtaken = this.#overtaken.filter((frame) => frame.waits >= 0);
  }

  #put(text: string): void {
    if (this.#isDead) return;
    if (this.#stalled === null) this.#socket.send(text);
    else this.#stalled.push(text);
  }

  #later(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, delayMs);
    this.#timers.add(timer);
  }
}
