import type { Row } from "../rows.ts";
import type { PostgresLocation } from "./location.ts";

/** How to open a connection. */
export interface ConnectionOptions extends PostgresLocation {
  /** Shown in `pg_stat_activity`. */
  readonly name: string;
  /** The certificates that vouch for the server, PEM; `null` for those of this system. */
  readonly authorities: string | null;
  /** A connection that is not made within this time is given up, ms. */
  readonly connectMs: number;
}

/** What the thread is given first. */
export interface ThreadStart {
  readonly port: MessagePort;
  /** Two numbers: how many answers were given, and one that changes while something is under way. */
  readonly signal: SharedArrayBuffer;
  /** Whether the signals that are to end a program end its waiting, too. */
  readonly heedsSignals: boolean;
}

/** A value of a statement: arrays are passed as text such as `{1,2}`. */
export type Value = string | number | boolean | null;

/** One step of a request. */
export type Step =
  /** A statement; answers its rows. */
  | { readonly sql: string; readonly args?: readonly Value[] }
  /** A query whose cells are all of type float8; answers columns, NULL as NaN. */
  | { readonly columns: string; readonly width: number }
  /** Rows in COPY's binary format. */
  | { readonly copy: string; readonly bytes: Uint8Array<ArrayBuffer> };

/** What a step answers. */
export interface StepResult {
  readonly rows: readonly Row[];
  /** How many rows the statement touched. */
  readonly count: number;
  readonly columns: readonly Float64Array[];
}

/** Whether the steps of a request are one transaction. */
export type Grouping = "plain" | "transaction";

/** What the thread is asked. */
export type Request =
  | { readonly id: number; readonly connection: number; readonly open: ConnectionOptions }
  | {
    readonly id: number;
    readonly connection: number;
    readonly steps: readonly Step[];
    readonly grouping: Grouping;
    /** Without a sign of progress for so long it has failed, ms. */
    readonly limitMs: number;
  }
  | { readonly id: number; readonly connection: number; readonly close: true };

/** What went wrong, as the server or the socket tells it. */
export interface Failure {
  /** SQLSTATE, or a code of the client. */
  readonly code: string;
  readonly message: string;
}

/** What the thread answers. */
export interface Answer {
  readonly id: number;
  readonly results?: readonly StepResult[];
  readonly failure?: Failure;
}
