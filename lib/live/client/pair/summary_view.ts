/// <reference lib="dom" />
import { formatFixed, formatValue } from "../../../charts/mod.ts";
import { isSameUnderlying } from "../../../market/mod.ts";
import { basisBps, type PairReading } from "../../../pairs/mod.ts";
import type { Summary } from "../../protocol.ts";
import { element } from "../dom.ts";
import type { Settings } from "./settings.ts";

/** Says in one sentence where a pair stands. */
export function sentenceOf(reading: PairReading | null, settings: Settings): string {
  if (reading === null) return `Waiting for bars of ${settings.y} and ${settings.x} …`;
  const { zScore, reason } = reading;
  if (zScore === null) {
    return `No z-score yet: ${reason?.replace(/^z-score: /, "") ?? "not enough bars"}.`;
  }
  const { entry, exit, stop } = settings;
  const size = Math.abs(zScore);
  const side = zScore > 0 ? "above" : "below";
  if (size < exit) return `The spread is near its mean, ${formatScore(zScore)} deviations from it.`;
  const place = `The spread is ${formatScore(size)} deviations ${side} its mean`;
  if (size < entry) return `${place}: within the entry lines.`;
  const price = zScore > 0 ? "dear" : "cheap";
  const limit = size < stop
    ? `beyond the entry line of ${entry}`
    : `beyond the stop line of ${stop}`;
  return `${place}, ${limit}: ${settings.y} is ${price} against ${settings.x}.`;
}

/** The places where a page says what there is to say of a pair. */
export interface SummaryPlaces {
  readonly sentence: HTMLElement;
  readonly verdict: HTMLElement;
  readonly figures: HTMLElement;
}

/** Draws the sentences and the figures; `null` while nothing is known. */
export function showSummary(
  { sentence, verdict, figures }: SummaryPlaces,
  summary: Summary | null,
  settings: Settings,
): void {
  const reading = summary?.reading ?? null;
  sentence.textContent = sentenceOf(reading, settings);
  sentence.classList.remove("problem");
  verdict.textContent = summary?.verdict?.sentence ?? "";
  const bars = reading?.halfLifeBars ?? null;
  figures.replaceChildren(
    figure("z-score", formatScore(reading?.zScore ?? null)),
    figure("Hedge ratio", formatValue(reading?.hedgeRatio)),
    figure("Correlation", formatScore(reading?.correlation ?? null)),
    figure("Half-life", bars === null ? "–" : `${formatScore(bars)} bars`),
    figure("Cointegration p", formatP(summary?.verdict?.pValue ?? null)),
    ...(isSameUnderlying(settings.y, settings.x) ? [figure("Basis", basisOf(reading))] : []),
  );
}

/** By how much the dependent leg is dearer, where both are one asset. */
function basisOf(reading: PairReading | null): string {
  const basis = reading === null ? null : basisBps(reading);
  return basis === null ? "–" : `${formatFixed(basis, 2)} bps`;
}

function formatScore(value: number | null): string {
  return formatFixed(value, 2);
}

function formatP(value: number | null): string {
  if (value === null) return "–";
  return value < 0.001 ? "< 0.001" : value.toFixed(3);
}

function figure(name: string, value: string): HTMLElement {
  return element("div", {}, element("dt", {}, name), element("dd", {}, value));
}
