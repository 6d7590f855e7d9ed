/**
 * Starts a program with exactly the permissions its options need.
 *
 * `deno run -A lib/apps/launch.ts NAME …` reads the command line, then runs `run.ts` in a process of
 * its own. The program sees the end of its standard input when this process is gone, however it
 * ends, and stops.
 *
 * @module
 */
import { readCommandLine } from "./command_line.ts";
import { programOf, PROGRAMS } from "./programs.ts";
import { useProxy } from "./proxy.ts";
import { leaveRunning, spawnDetached, spawnProgram } from "./spawn.ts";

const place = {
  project: decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, ""),
  working: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
};
const encoder = new TextEncoder();
/** How often the launcher looks whether its own parent is still there, in ms. */
const PARENT_MS = 500;

async function launch([name = "", ...words]: string[]): Promise<number> {
  const { program, args } = programOf(name, words);
  if (program === undefined) {
    Deno.stderr.writeSync(encoder.encode(
      `Cannot start "${name}" as there is no such program: choose one of ${
        [...PROGRAMS.keys()].join(", ")
      }\n`,
    ));
    return 2;
  }
  const reading = readCommandLine(program, args, place);
  if (reading.kind === "exit") {
    Deno.stdout.writeSync(encoder.encode(reading.out));
    Deno.stderr.writeSync(encoder.encode(reading.err));
    return reading.code;
  }
  useProxy(reading.proxy, Deno.env);
  const given = { options: reading.options, verbose: reading.verbose };
  const detached = program.detach?.(reading.options) ?? null;
  const companion = (pid: number) => {
    const beside = program.companion?.(reading.options, pid) ?? null;
    return beside && { ...beside, start: { ...given, options: beside.options } };
  };
  if (detached !== null) {
    const { pid, code } = await spawnDetached(program, given, detached, place);
    const beside = code === 0 ? companion(pid) : null;
    if (beside !== null) leaveRunning(beside.program, beside.start, place);
    return code;
  }

  const child = spawnProgram(program, given, place);
  const beside = companion(child.process.pid);
  // It ends with us: its standard input is held here.
  if (beside !== null) spawnProgram(beside.program, beside.start, place);
  const forward = (signal: Deno.Signal) => () => {
    try {
      child.process.kill(signal);
    } catch {
      // It has ended already.
    }
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, forward(signal));
  }
  // Whoever started us may be killed: then nobody waits for the program any more.
  const parent = Deno.ppid;
  setInterval(() => {
    if (Deno.ppid !== parent) forward("SIGTERM")();
  }, PARENT_MS);
  const { code } = await child.process.status;
  return code;
}

Deno.exit(await launch(Deno.args));
