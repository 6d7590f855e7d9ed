/** Clock ticks per second of `/proc/PID/stat`: 100 on every Linux that Deno runs on. */
const TICKS_PER_SECOND = 100;

/** Processor time of a process, of its children, and of those that have ended, s: of a server. */
export function familyCpu(pid: number): number {
  const children = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim();
  const pids = [pid, ...children === "" ? [] : children.split(" ").map(Number)];
  return pids.reduce((sum, each) => sum + ownCpu(each), 0);
}

function ownCpu(pid: number): number {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ").at(-1)!.split(" ");
    const ticks = stat.slice(11, 15).reduce((sum, cell) => sum + Number(cell), 0);
    return ticks / TICKS_PER_SECOND;
  } catch {
    // It has just ended: its parent has counted it.
    return 0;
  }
}
