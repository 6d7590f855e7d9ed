import { z } from "zod";
import type { Bus } from "../../bus/mod.ts";
import type { Gap, StreamKind } from "../../market/mod.ts";
import type { Decimals } from "../../store/mod.ts";
import { ProgramError } from "../program.ts";

/** What feeds say of what they tell in the log. */
export interface LogContent {
  /** Whether its trades are simulated. */
  readonly simulated: boolean;
  /** Each symbol that a feed has told, by name. */
  readonly symbols: Readonly<Record<string, LogSymbol>>;
}

/** A symbol in the log. */
export interface LogSymbol {
  readonly venue: string;
  readonly streamKind: StreamKind;
  readonly decimals: Decimals;
}

/** Up to where the stores have a symbol. */
export interface LogChain {
  readonly lastId: number;
  readonly openGaps: readonly Gap[];
  /**
   * Where ids are not counted: those after this one, up to the last, can be told again, and the store
   * knows which of them are new.
   */
  readonly sureId?: number | undefined;
}

/** Up to where the stores have each symbol: there a feed that starts goes on. */
export type LogChains = Readonly<Record<string, LogChain>>;

const CONTENT_KEY = "content";
const CHAINS_KEY = "chains";

const contentShape: z.ZodType<LogContent> = z.object({
  simulated: z.boolean(),
  symbols: z.record(
    z.string(),
    z.object({
      venue: z.string(),
      streamKind: z.enum(["aggTrade", "trade"]),
      decimals: z.object({ price: z.number(), quantity: z.number() }),
    }),
  ),
});

const chainsShape: z.ZodType<LogChains> = z.record(
  z.string(),
  z.object({
    lastId: z.number(),
    openGaps: z.array(z.object({
      venue: z.string(),
      symbol: z.string(),
      firstMissingId: z.number(),
      lastMissingId: z.number(),
      openedAtMs: z.number(),
      closedAtMs: z.number().nullable(),
      state: z.enum(["open", "repaired", "lost"]),
    })),
    sureId: z.number().optional(),
  }),
);

/** What the log holds; `null` before a feed has said so. */
export function readContent(bus: Bus, signal: AbortSignal): Promise<LogContent | null> {
  return read(bus, CONTENT_KEY, contentShape, signal);
}

/** Adds to what the log is said to hold, whoever else does so at the same time. */
export async function addContent(
  bus: Bus,
  { simulated, symbols }: LogContent,
  signal: AbortSignal,
): Promise<void> {
  await bus.amend(CONTENT_KEY, (bytes) => {
    const kept = bytes === null ? {} : parsed(CONTENT_KEY, bytes, contentShape).symbols;
    if (Object.keys(symbols).every((symbol) => kept[symbol] !== undefined)) return null;
    return encoded({ simulated, symbols: { ...kept, ...symbols } });
  }, signal);
}

/** Up to where everything is stored; nothing before a store has said so. */
export async function readChains(bus: Bus, signal: AbortSignal): Promise<LogChains> {
  return await read(bus, CHAINS_KEY, chainsShape, signal) ?? {};
}

/** Says up to where some symbols are stored, and nothing of others: another store knows of them. */
export async function amendChains(
  bus: Bus,
  symbols: readonly string[],
  chains: LogChains,
  signal: AbortSignal,
): Promise<void> {
  await bus.amend(CHAINS_KEY, (bytes) => {
    const kept = { ...bytes === null ? {} : parsed(CHAINS_KEY, bytes, chainsShape) };
    for (const symbol of symbols) delete kept[symbol];
    return encoded({ ...kept, ...chains });
  }, signal);
}

function encoded(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

async function read<T>(
  bus: Bus,
  key: string,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T | null> {
  const bytes = await bus.kept(key, signal);
  return bytes === null ? null : parsed(key, bytes, shape);
}

function parsed<T>(key: string, bytes: Uint8Array, shape: z.ZodType<T>): T {
  const { data } = shape.safeParse(jsonOf(bytes));
  if (data !== undefined) return data;
  throw new ProgramError(
    `Cannot use the log as what it keeps as "${key}" is of another program: name another log with --log`,
  );
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
