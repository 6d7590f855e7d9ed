/// <reference lib="dom" />
import type { ConnectionState } from "./connection.ts";

const QUIET_MS = 10_000;

/** Says how the connection is, and how long nothing has come. */
export function showStatus(root: HTMLElement, state: ConnectionState): void {
  const [kind, text] = describeConnection(state, performance.now());
  if (root.dataset.state !== kind) root.dataset.state = kind;
  const label = root.querySelector("span");
  if (label !== null && label.textContent !== text) label.textContent = text;
}

/** How a connection is, in one word and in a few. */
export function describeConnection(
  { isOpen, retryAtMs, dataAtMs, isAway }: ConnectionState,
  nowMs: number,
): [kind: "live" | "quiet" | "lost" | "connecting", text: string] {
  if (!isOpen && retryAtMs !== null) {
    return ["lost", `Not connected, trying again in ${seconds(retryAtMs - nowMs)}`];
  }
  if (!isOpen) return ["connecting", "Connecting …"];
  if (isAway) return ["lost", "The database does not answer"];
  if (dataAtMs === null) return ["quiet", "Connected, there is no data yet"];
  const quietMs = nowMs - dataAtMs;
  return quietMs > QUIET_MS ? ["quiet", `No new data for ${seconds(quietMs)}`] : ["live", "Live"];
}

function seconds(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 1_000));
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
