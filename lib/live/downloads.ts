/** How far a download is. */
export interface DownloadState {
  /** Rows that were sent. */
  readonly rows: number;
  /** The time they reach, ms since the epoch; `null` where rows have none, or before the first. */
  readonly atMs: number | null;
  /** `waiting` before it is asked for, then `running`, and at its end `done` or `stopped`. */
  readonly state: "waiting" | "running" | "done" | "stopped";
  /** Why it was stopped, or `null`. */
  readonly reason: string | null;
}

/** What a download tells of itself. */
export interface DownloadTicket {
  reach(rows: number, atMs: number | null): void;
  finish(): void;
  stop(reason: string): void;
}

const WAITING: DownloadState = { rows: 0, atMs: null, state: "waiting", reason: null };

/** So many are remembered, the newest. */
const KEPT = 100;

/** How far the downloads of pages are, by the names the pages gave them. */
export class Downloads {
  readonly #states = new Map<string, DownloadState>();

  /** A download begins. */
  begin(id: string): DownloadTicket {
    this.#states.delete(id);
    this.#put(id, { ...WAITING, state: "running" });
    const [oldest] = this.#states.keys();
    if (this.#states.size > KEPT) this.#states.delete(oldest!);
    return {
      reach: (rows, atMs) => this.#put(id, { ...this.state(id), rows, atMs }),
      finish: () => this.#put(id, { ...this.state(id), state: "done" }),
      stop: (reason) => this.#put(id, { ...this.state(id), state: "stopped", reason }),
    };
  }

  /** How far one is. */
  state(id: string): DownloadState {
    return this.#states.get(id) ?? WAITING;
  }

  #put(id: string, state: DownloadState): void {
    this.#states.set(id, state);
  }
}
