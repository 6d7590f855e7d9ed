import { setTimeout as wait } from "node:timers/promises";
import { besideDatabase, isLeased } from "../store/mod.ts";
import { permissionFlags } from "./permissions.ts";
import type { Place, Program } from "./program.ts";
import { withServer } from "./store_access.ts";

/** What a program is started with; travels to its process as JSON. */
export interface Start {
  readonly options: unknown;
  readonly verbose: boolean;
}

/** How long a detached program is waited for, in ms. */
const READY_MS = 30_000;

function command(
  program: Program<unknown>,
  start: Start,
  place: Place,
  extra: Deno.CommandOptions,
): Deno.Command {
  const { apart } = program;
  const module = `${place.project}/${apart?.module ?? "lib/apps/run.ts"}`;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      ...(apart === undefined ? [] : [`--config=${place.project}/${apart.config}`, "--frozen"]),
      ...(program.engineFlags === undefined ? [] : [`--v8-flags=${program.engineFlags.join(",")}`]),
      ...permissionFlags(
        program.name,
        withServer(program.permissions(start.options, place), start.options, place),
        place,
      ),
      module,
      program.name,
      JSON.stringify(start),
    ],
    cwd: place.project,
    // Else the runtime asks for newer versions of itself: a host that no program is to reach.
    env: { DENO_NO_UPDATE_CHECK: "1" },
    ...extra,
  });
}

/**
 * Starts a program that stops when this process ends: its standard input is a pipe held here.
 *
 * @param output Where its output goes: `inherit` shares ours, `piped` lets the caller read it.
 */
export function spawnProgram(
  program: Program<unknown>,
  start: Start,
  place: Place,
  output: "inherit" | "piped" = "inherit",
): { readonly process: Deno.ChildProcess } {
  const process = command(program, start, place, {
    stdin: "piped",
    stdout: output,
    stderr: "inherit",
  }).spawn();
  return { process };
}

/** Starts a program that goes on by itself, without waiting for it. */
export function leaveRunning(
  program: Program<unknown>,
  start: Start,
  place: Place,
): Deno.ChildProcess {
  return command(program, start, place, {
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
}

/**
 * Starts a program that goes on by itself; returns once it is ready or has failed, or after a while
 * when it is neither: fetching history may take long.
 *
 * @returns Its process, and the exit code: that of the program if it has failed, else 0.
 */
export async function spawnDetached(
  program: Program<unknown>,
  start: Start,
  { logFile, database }: { readonly logFile: string; readonly database: string },
  place: Place,
): Promise<{ readonly pid: number; readonly code: number }> {
  const encoder = new TextEncoder();
  const loggedBytes = (await Deno.stat(logFile).catch(() => null))?.size ?? 0;
  const process = leaveRunning(program, start, place);
  let ended = false;
  const status = process.status.then((s) => {
    ended = true;
    return s.code;
  });
  const deadline = performance.now() + READY_MS;
  let isReady = false;
  while (!ended && !isReady && performance.now() < deadline) {
    isReady = isLeased(database) && await hasControl(database, process.pid);
    if (!isReady) await wait(50);
  }
  if (!ended) {
    process.unref();
    Deno.stdout.writeSync(encoder.encode(
      `Started in the background as process ${process.pid}${
        isReady ? "" : ", which is not ready yet"
      }; it logs to ${logFile}\n`,
    ));
    return { pid: process.pid, code: 0 };
  }
  const log = await Deno.readFile(logFile).catch(() => new Uint8Array());
  const lines = new TextDecoder().decode(log.subarray(loggedBytes)).trimEnd().split("\n");
  const last = lines.at(-1)!.replace(/^\S+ (?:error|warn) /, "");
  Deno.stderr.writeSync(encoder.encode(`${last || "Cannot start it in the background"}\n`));
  return { pid: process.pid, code: await status };
}

async function hasControl(database: string, pid: number): Promise<boolean> {
  try {
    return JSON.parse(await Deno.readTextFile(`${besideDatabase(database)}.control.json`)).pid ===
      pid;
  } catch {
    return false;
  }
}
