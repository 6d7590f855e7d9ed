/// <reference lib="dom" />
import { formatTime } from "../../../charts/mod.ts";
import { formatInterval } from "../../../market/mod.ts";
import type { ScreenUpdate } from "../../protocol.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";
import type { UniverseFrame } from "./universe_frame.ts";

const whole = (count: number) => count.toLocaleString("en");

/** Says how much a screen is to be trusted: how many tests, how many false ones, what survives. */
export function showTrust(
  { tiles, summary, caveats, progress }: UniverseFrame,
  screen: ScreenUpdate,
): void {
  const { warmUp } = screen;
  progress.hidden = warmUp === null;
  if (warmUp !== null) {
    progress.max = Math.max(1, warmUp.ofBars);
    progress.value = warmUp.readBars;
  }
  const sentence = warmUp === null
    ? screen.summary
    : `Reading stored bars: ${whole(warmUp.readBars)} of ${whole(warmUp.ofBars)}.`;
  if (summary.textContent !== sentence) summary.textContent = sentence;
  const items = screen.caveats.join("\n");
  if (caveats.dataset.items !== items) {
    caveats.dataset.items = items;
    caveats.replaceChildren(...screen.caveats.map((text) => element("li", {}, text)));
  }
  tiles.replaceChildren(...tilesOf(screen));
}

function tilesOf(screen: ScreenUpdate): HTMLElement[] {
  const { tested, usable, benjaminiHochberg: found, benjaminiYekutieli: strict } = screen;
  const { holdOut, windowBars, intervalMs, openTimeMs, alpha } = screen;
  const { latest } = holdOut;
  const survival = latest?.survivalRate ?? null;
  return [
    tile("Pairs tested", whole(tested), `of ${usable} symbols`),
    tile("Discoveries", whole(found.count), `at ${100 * alpha} %, ${whole(strict.count)} strict`),
    tile("Expected false", found.expectedFalse.toFixed(1), "of the discoveries"),
    tile(
      "Hold-out survival",
      survival === null ? "–" : `${Math.round(100 * survival)} %`,
      latest === null || latest.tested === 0
        ? "not tested yet"
        : `${latest.survived} of ${latest.tested} found a window ago`,
    ),
    tile("Window", `${whole(windowBars)} bars`, `of ${formatInterval(intervalMs)}`),
    tile(
      "Newest bar",
      openTimeMs === null ? "–" : formatTime(openTimeMs, intervalMs, clock.zone).slice(11),
      openTimeMs === null
        ? ""
        : `${formatTime(openTimeMs, intervalMs, clock.zone).slice(0, 10)} ${clock.label}`,
    ),
  ];
}

function tile(name: string, value: string, more: string): HTMLElement {
  return element(
    "div",
    {},
    element("dt", {}, name),
    element("dd", {}, value),
    element("dd", { class: "more" }, more),
  );
}
