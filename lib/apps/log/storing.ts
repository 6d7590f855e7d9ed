import { type Bus, BusError, type Delivery } from "../../bus/mod.ts";
import { BINANCE_USDM } from "../../market/mod.ts";
import { StoreError, type StoreWriter } from "../../store/mod.ts";
import { sleep } from "../../streams/mod.ts";
import { storingStatus } from "../control/process_status.ts";
import type { StoringStatus } from "../control/status.ts";
import { Committer } from "../ingest/committer.ts";
import { Pipeline } from "../ingest/pipeline.ts";
import type { PipelineTotals } from "../ingest/pipeline_totals.ts";
import { Rate } from "../ingest/rate.ts";
import { refuseMadeIds } from "../ingest/refuse_made_ids.ts";
import type { Report } from "../program.ts";
import { amendChains, type LogContent } from "./log_state.ts";
import { Share, shareName, type ShareParts } from "./share.ts";

/** How often the heartbeat is written, and feeds are told what is stored, ms. */
const HEARTBEAT_MS = 1_000;
/** How often it is looked whether shares are free, or are too many, ms. */
const LOOK_MS = 500;

/** What a store has that outlives its sessions with the database. */
export interface StoringParts {
  readonly bus: Bus;
  /** The name of the log. */
  readonly log: string;
  readonly content: LogContent;
  /** What it counts since its start. */
  readonly totals: PipelineTotals;
  /** So many trades are committed at once. */
  readonly batchTrades: number;
  readonly report: Report;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * What a log tells on its way into a database, for one session with that: as many partitions as are
 * the fair share of one store of all that are at work. A session that is lost takes everything with
 * it that was not committed; the next one reads it again.
 */
export class Storing {
  /** When the log took what was stored last, local ms since the epoch; `null` before there is any. */
  storedMs: number | null = null;
  /** How many stores were at work when it last looked, this one included. */
  stores = 1;
  readonly #parts: StoringParts;
  readonly #writer: StoreWriter;
  readonly #pipeline: Pipeline;
  readonly #committer: Committer;
  readonly #rate = new Rate();
  readonly #shares = new Map<number, Share>();
  readonly #taken: Delivery[] = [];
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #ofShares: ShareParts;
  #failure: { readonly error: unknown } | null = null;

  /** @throws {ProgramError} If the database holds trades of a symbol without the venue's ids. */
  constructor(writer: StoreWriter, parts: StoringParts) {
    refuseMadeIds(Object.keys(parts.content.symbols), writer.lastTradeIds());
    this.#parts = parts;
    this.#writer = writer;
    this.#signal = AbortSignal.any([parts.signal, this.#end.signal]);
    const pipeline = this.#pipeline = new Pipeline(BINANCE_USDM, writer, parts.totals, true);
    const committer = this.#committer = new Committer(pipeline, parts.report, {
      probe: () => writer.heartbeat(Date.now()),
      fail: (error) => this.#fail(error),
      batchTrades: parts.batchTrades,
      leaving: () => {
        const count = this.#taken.length;
        return () => this.#acknowledge(count);
      },
    });
    const taken = this.#taken;
    this.#ofShares = { ...parts, writer, pipeline, committer, taken, signal: this.#signal };
  }

  /** The partitions it has, in the order it took them. */
  get partitions(): readonly number[] {
    return [...this.#shares.keys()];
  }

  /** How what it stores is. */
  get status(): StoringStatus {
    return storingStatus({
      pipeline: this.#pipeline,
      committer: this.#committer,
      rate: this.#rate,
    });
  }

  /**
   * Stores until the signal; what was taken is stored then.
   *
   * @throws {StoreError} With code `lost` if the session was lost: nothing of it can be stored now.
   */
  async run(): Promise<void> {
    try {
      await Promise.all([
        this.#again(LOOK_MS, this.#balance),
        this.#again(HEARTBEAT_MS, this.#beat),
        this.#again(HEARTBEAT_MS, this.#tell),
      ]);
    } finally {
      this.#end.abort();
      this.#committer[Symbol.dispose]();
      await Promise.allSettled(this.#shares.values().map(({ ended }) => ended));
    }
    if (this.#failure !== null) throw this.#failure.error;
    this.#pipeline.drain();
    this.#acknowledge(this.#taken.length);
    this.#writer.heartbeat(Date.now());
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#end.abort();
  }

  #acknowledge(count: number): void {
    for (const delivery of this.#taken.splice(0, count)) {
      delivery.acknowledge();
      this.storedMs = delivery.storedMs;
    }
  }

  /** Gives back what is more than a fair share, takes what is free of it. */
  #balance = async (): Promise<void> => {
    const { bus, log, report } = this.#parts;
    const { shares } = this.#writer;
    this.stores = shares.writers();
    const most = Math.ceil(bus.partitions / this.stores);
    let changes = 0;
    for (const share of [...this.#shares.values()].slice(most)) {
      await share.close();
      shares.giveBack(shareName(bus, log, share.partition));
      this.#shares.delete(share.partition);
      changes++;
    }
    for (let k = 0; k < bus.partitions && this.#shares.size < most; k++) {
      if (this.#shares.has(k) || !shares.hold(shareName(bus, log, k))) continue;
      const share = new Share(k, this.#ofShares);
      this.#shares.set(k, share);
      share.ended.catch((error) => this.#readFailed(error));
      changes++;
    }
    if (changes === 0 || this.stores === 1 && this.#shares.size === bus.partitions) return;
    const own = this.partitions.toSorted((a, b) => a - b).join(", ");
    report.info(
      `Has ${this.#shares.size} of ${bus.partitions} partitions (${own}), one of ${this.stores} stores`,
    );
  };

  /** Another reader has taken a partition over: as the session was lost, or against the rules. */
  #readFailed(error: unknown): void {
    try {
      if (error instanceof BusError && error.problem === "taken") {
        this.#writer.heartbeat(Date.now());
      }
    } catch (cause) {
      return this.#fail(cause);
    }
    this.#fail(error);
  }

  /** Tells readers that it lives, also while it waits for the log. */
  #beat = (): void => {
    this.#rate.sample(this.#pipeline.totals.trades, performance.now());
    this.#writer.heartbeat(Date.now());
    const { stored, gaps, quarantined } = this.#pipeline.totals;
    this.#parts.report.progress(
      `${stored} trades stored, ${gaps} gaps, ${quarantined} quarantined`,
    );
  };

  /** Tells feeds what is stored. */
  #tell = async (): Promise<void> => {
    const shares = [...this.#shares.values()];
    const lastIds = this.#writer.lastTradeIds();
    const chains = Object.assign({}, ...shares.map((share) => share.chains(lastIds)));
    const symbols = shares.flatMap((share) => share.symbols);
    if (symbols.length > 0) await amendChains(this.#parts.bus, symbols, chains, this.#signal);
  };

  /** Does something now and again until the end, but not while nothing can be stored. */
  async #again(everyMs: number, work: () => Promise<void> | void): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        const { problem, isHeldUp } = this.#committer;
        if (problem === null && !isHeldUp) await work();
      } catch (error) {
        if (this.#signal.aborted) return;
        if (error instanceof StoreError && error.passes) {
          this.#committer.guard(() => {
            throw error;
          });
        } else this.#fail(error);
      }
      await sleep(everyMs, this.#signal).catch(() => {});
    }
  }
}
