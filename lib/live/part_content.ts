import type { ChartSpec, Columns } from "../charts/mod.ts";
import type { BarsRequest, PairRequest } from "./protocol.ts";

/** A stretch of time somebody has selected, `[fromMs, toMs)`, in ms since the epoch. */
export interface SelectedSpan {
  /** Its start. */
  readonly fromMs: number;
  /** Its end. */
  readonly toMs: number;
}

/** The value of an input. */
export type InputValue = number | string | boolean | SelectedSpan;

/** What kind of input it is, and what a page needs to draw it. */
export type InputLook =
  | {
    readonly kind: "slider" | "number";
    readonly min: number;
    readonly max: number;
    readonly step: number;
  }
  | { readonly kind: "select"; readonly options: readonly string[] }
  /** Its value is a span of whole minutes, in UTC. */
  | { readonly kind: "dateRange"; readonly fromMs: number; readonly toMs: number }
  /** Its value counts how often it was pressed. */
  | { readonly kind: "button" }
  | { readonly kind: "checkbox" };

/** An input as a page draws it. */
export type InputSpec = InputLook & {
  /** Names it among its inputs. */
  readonly name: string;
  /** What stands beside it. */
  readonly label: string;
};

/** What a part of a notebook's output shows. */
export type PartContent =
  /** Inputs and their values. */
  | {
    readonly kind: "inputs";
    readonly inputs: readonly InputSpec[];
    readonly values: Readonly<Record<string, InputValue>>;
  }
  /** What is selected in a chart. */
  | { readonly kind: "selection"; readonly span: SelectedSpan | null }
  /** A chart that stays as it is. */
  | { readonly kind: "chart"; readonly spec: ChartSpec; readonly columns: Columns }
  /** A chart that moves; `base` is the hub that knows its rows. */
  | { readonly kind: "live"; readonly base: string; readonly request: PairRequest | BarsRequest }
  /** Anything else, as the kernel wrote it. */
  | { readonly kind: "html"; readonly html: string }
  /** Why there is nothing. */
  | { readonly kind: "failed"; readonly message: string };
