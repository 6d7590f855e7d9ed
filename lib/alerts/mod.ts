/**
 * Rules on what is stored, the moments they fire, and how word of it goes out.
 *
 * A threshold fires once per crossing: it is armed again when the number has come back by the
 * hysteresis, and keeps still during its cooldown. Numbers of bars that are not proven complete
 * decide nothing. Time is the exchange's, so the same bars fire the same alerts, live or replayed.
 *
 * ```ts
 * import { nextAlert, UNSEEN } from "tandem/alerts";
 * import { strictEqual } from "node:assert/strict";
 *
 * const rule = { above: 2, below: -2, hysteresis: 0.5, cooldownMs: 60_000 };
 * const seen = { timeMs: 0, value: 0.3, gate: null, caveat: null };
 * const { state } = nextAlert(UNSEEN, seen, rule);
 * const { crossings } = nextAlert(state, { ...seen, timeMs: 1_000, value: -2.4 }, rule);
 * strictEqual(crossings[0]?.side, "below");
 * ```
 *
 * @module
 */
export * from "./alert_desk.ts";
export * from "./alert_rule.ts";
export * from "./alert_state.ts";
export * from "./firing.ts";
export type { MarketClock } from "./watch.ts";
export * from "./channel.ts";
export * from "./courier.ts";
export * from "./delivery_request.ts";
export * from "./private_address.ts";
export * from "./rule_file.ts";
