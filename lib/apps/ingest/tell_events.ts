import type { Feed } from "../../feed/mod.ts";
import type { FeedEvent } from "../../market/mod.ts";
import type { Report } from "../program.ts";

/** A difference of the clocks that one should know of, ms. */
const SKEW_MS = 1_000;

const WARNINGS: ReadonlySet<string> = new Set(["silent", "closed", "reconnecting", "notice"]);

/** Makes a function that tells the user what of a feed's events a person should know. */
export function eventTeller(
  feed: Feed,
  report: Report,
  simulated: boolean,
): (events: readonly FeedEvent[]) => void {
  let toldSkew = simulated;
  let toldLive = false;
  return (events) => {
    for (const event of events) {
      if (event.kind === "clock" && !toldSkew) {
        toldSkew = Math.abs(event.skewMs) - event.roundTripMs / 2 > SKEW_MS;
        if (toldSkew) report.warn(skewMessage(event.skewMs));
      }
      if (event.kind !== "status") continue;
      if (event.status !== "live") {
        report[WARNINGS.has(event.status) ? "warn" : "info"](event.message);
      }
      const areLive = [...feed.streams().values()].every((state) => state === "live");
      if (areLive && !toldLive) report.info(`All ${feed.streams().size} streams are live`);
      toldLive = areLive;
    }
  };
}

function skewMessage(skewMs: number): string {
  const direction = skewMs > 0 ? "ahead of" : "behind";
  return `The local clock is ${(Math.abs(skewMs) / 1_000).toFixed(1)} s ${direction} the ` +
    "exchange's: set it, for example with NTP; bars go by the exchange's clock and are right all the same";
}
