/**
 * Runs one program in this process: `run.ts NAME JSON`, as the launcher starts it.
 *
 * @module
 */
import { BusError } from "../bus/mod.ts";
import { RestError } from "../feed/mod.ts";
import { heedSignals, StoreError } from "../store/mod.ts";
import { ProgramError, UsageError } from "./program.ts";
import { PARTS, PROGRAMS } from "./programs.ts";
import { terminalReport } from "./report.ts";
import type { Start } from "./spawn.ts";

/** The same signal twice within this time is one Ctrl-C that reached us by two ways. */
const SAME_SIGNAL_MS = 1_000;

const [name = "", json = "{}"] = Deno.args;
const program = (PROGRAMS.get(name) ?? PARTS.get(name))!;
const { options, verbose } = JSON.parse(json) as Start;
const detached = program.detach?.(options) ?? null;
const report = terminalReport(detached?.logFile ?? null);
const stop = new AbortController();
let stoppedAt = -Infinity;

function onSignal(): void {
  const now = performance.now();
  if (stop.signal.aborted && now - stoppedAt > SAME_SIGNAL_MS) Deno.exit(130);
  if (!stop.signal.aborted) stoppedAt = now;
  stop.abort();
}
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, onSignal);
heedSignals();

/** The launcher holds the other end of our standard input: its end means that it is gone. */
async function watchLauncher(): Promise<void> {
  const buffer = new Uint8Array(64);
  while (await Deno.stdin.read(buffer) !== null) { /* nothing is ever sent */ }
  stop.abort();
}
if (detached === null) watchLauncher();

/** Errors whose message is written for the person who sees it. */
function isForPeople(error: unknown): error is Error {
  return error instanceof ProgramError || error instanceof UsageError ||
    error instanceof StoreError || error instanceof RestError || error instanceof BusError;
}

/** Says what ended the program, in one sentence, and ends it. */
function fail(error: unknown): never {
  const isStopped = stop.signal.aborted && error === stop.signal.reason ||
    error instanceof StoreError && error.code === "stopped";
  // Whoever read our standard output, `head` for example, has seen enough.
  if (isStopped || error instanceof Deno.errors.BrokenPipe) {
    report.close();
    Deno.exit(0);
  }
  const sentence = isForPeople(error)
    ? error.message
    : `Cannot go on because of an unexpected error: ${
      error instanceof Error ? error.message : String(error)
    } (--verbose shows where)`;
  report.error(sentence);
  if (verbose && error instanceof Error) {
    report.error(error.stack ?? "");
    if (error.cause instanceof Error) report.error(`Caused by: ${error.cause.stack}`);
  }
  report.close();
  Deno.exit(error instanceof UsageError ? 2 : 1);
}

// Also what fails where nobody waits for it, in a timer for example.
addEventListener("error", (event) => fail(event.error));
addEventListener("unhandledrejection", (event) => fail(event.reason));

try {
  await program.run(options, { signal: stop.signal, report });
  report.close();
  Deno.exit(0);
} catch (error) {
  fail(error);
}
