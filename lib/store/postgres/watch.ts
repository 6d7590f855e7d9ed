import { connect } from "node:net";
import type { Failure } from "./wire.ts";

/** How often is looked, ms. */
const LOOK_MS = 250;
/** A server that has said nothing for so long is asked whether it is there, on another connection … */
const QUIET_MS = 1_000;
/** … and is not, where it does not answer that within this time, ms. */
const PROBE_MS = 3_000;
/** Who is to end waits for so long, ms … */
const STOP_MS = 2_500;
/** … and asks no server anything more for as long as it may take to end, ms. */
const ENDING_MS = 10_000;
/** The request for encryption, which a server answers with one letter before it knows whom. */
const SSL_REQUEST = new Uint8Array([0, 0, 0, 8, 4, 210, 22, 47]);

/** Where a server is. */
export interface Server {
  readonly host: string;
  readonly port: number;
}

interface UnderWay {
  readonly server: Server;
  readonly limitMs: number;
  readonly fail: (failure: Failure) => void;
  heardMs: number;
  isProbed: boolean;
}

/**
 * Sees to it that nothing is waited for in vain: a request fails when its server does not answer
 * anybody, when it takes longer than it may, and when the program is to end.
 */
export class Watch {
  readonly #underWay = new Map<number, UnderWay>();
  readonly #tick: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stoppedMs = -Infinity;

  /** @param tick Called again and again while something is under way. */
  constructor(tick: () => void) {
    this.#tick = tick;
  }

  /**
   * Waits for what a connection is asked.
   *
   * @param limitMs Without a sign of progress for so long it has failed.
   * @throws {Failure} If it is not to be waited for any longer; the connection is of no use then.
   */
  async guard<T>(
    connection: number,
    server: Server,
    limitMs: number,
    work: () => Promise<T>,
  ): Promise<T> {
    if (this.isEnding) throw STOPPED;
    const given = Promise.withResolvers<never>();
    const entry = { server, limitMs, fail: given.reject, heardMs: Date.now(), isProbed: false };
    this.#underWay.set(connection, entry);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    try {
      return await Promise.race([work(), given.promise]);
    } finally {
      this.#underWay.delete(connection);
    }
  }

  /** A part of what a connection was asked has come. */
  heard(connection: number): void {
    const entry = this.#underWay.get(connection);
    if (entry !== undefined) entry.heardMs = Date.now();
  }

  /** The program is to end: what is under way gets a little time, and nothing else any. */
  stop(): void {
    this.#stoppedMs = Date.now();
  }

  /** Nothing that is under way can be answered any more. */
  failAll(failure: Failure): void {
    for (const { fail } of this.#underWay.values()) fail(failure);
  }

  /** Whether the program is to end, and has had its time. */
  get isEnding(): boolean {
    const sinceMs = Date.now() - this.#stoppedMs;
    return sinceMs > STOP_MS && sinceMs < ENDING_MS;
  }

  #look(): void {
    this.#tick();
    if (this.#underWay.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    if (this.isEnding) this.failAll(STOPPED);
    for (const entry of this.#underWay.values()) {
      const quietMs = Date.now() - entry.heardMs;
      if (quietMs > entry.limitMs) entry.fail(timeout(entry.limitMs));
      else if (quietMs > QUIET_MS && !entry.isProbed) this.#probe(entry);
    }
  }

  async #probe(entry: UnderWay): Promise<void> {
    entry.isProbed = true;
    const { heardMs } = entry;
    const isThere = await answers(entry.server);
    if (!isThere && entry.heardMs === heardMs) entry.fail(timeout(QUIET_MS + PROBE_MS));
    // Not at once again: the server has other things to do.
    setTimeout(() => entry.isProbed = false, QUIET_MS);
  }
}

/** Whether a failure is one of a request that is not waited for any longer. */
export function isGivenUp({ code }: Failure): boolean {
  return code === "STOPPED" || code === "TIMEOUT";
}

const STOPPED: Failure = { code: "STOPPED", message: "the program was told to end" };

function timeout(ms: number): Failure {
  return { code: "TIMEOUT", message: `no answer within ${ms / 1_000} s` };
}

/** Whether a server says anything to somebody new. */
function answers({ host, port }: Server): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isThere: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isThere);
    };
    // A thread that got no turn for a while sees the time pass before it sees what has come.
    const timer = setTimeout(() => setTimeout(end, LOOK_MS, false), PROBE_MS);
    socket.once("connect", () => socket.write(SSL_REQUEST));
    socket.once("data", () => end(true));
    socket.on("error", () => end(false));
    socket.once("close", () => end(false));
  });
}
