/**
 * What programs tell who watches over them: metrics with their names and units, as Prometheus text.
 * Imports nothing.
 *
 * ```ts
 * import { exposition } from "tandem/metrics";
 * import { match } from "node:assert/strict";
 *
 * const help = "Whether the log can be reached";
 * const connected = { name: "tandem_log_connected", type: "gauge" as const, help };
 * match(exposition([{ ...connected, samples: [{ value: 1 }] }]), /^tandem_log_connected 1$/m);
 * ```
 *
 * @module
 */
export * from "./exposition.ts";
export * from "./trade_metrics.ts";
