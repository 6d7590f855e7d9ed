import { z } from "zod";
import { type AlertRule, type DeliveryOutcome, readAlertRule } from "../../alerts/mod.ts";

/** What a running ingest can be asked about alerts. */
export interface ControlledAlerts {
  change(put: readonly AlertRule[], remove: readonly string[]): string[];
  tell(outcomes: readonly DeliveryOutcome[]): void;
}

const change = z.object({
  put: z.array(z.unknown()).default([]),
  remove: z.array(z.string()).default([]),
});
const told = z.array(z.object({
  alertId: z.number().int(),
  channel: z.string(),
  state: z.enum(["pending", "delivered", "failed"]),
  triedAtMs: z.number(),
  problem: z.string().nullable(),
}));

/**
 * Answers requests about alerts: `/alerts/rules` changes rules, `/alerts/told` takes what became of
 * sending.
 *
 * @returns What to answer, or `null` for a path that is not about alerts.
 * @throws {RangeError} If a rule makes no sense.
 */
export function answerAlerts(
  pathname: string,
  body: unknown,
  alerts: ControlledAlerts,
): { readonly removed: readonly string[] } | { readonly told: number } | null {
  if (pathname === "/alerts/rules") {
    const asked = change.safeParse(body);
    if (!asked.success) throw new RangeError(`Send {"put": [], "remove": []}`);
    const rules = asked.data.put.map(readAlertRule);
    return { removed: alerts.change(rules, asked.data.remove) };
  }
  if (pathname === "/alerts/told") {
    const asked = told.safeParse(body);
    if (!asked.success) throw new RangeError("Send a list of outcomes");
    alerts.tell(asked.data);
    return { told: asked.data.length };
  }
  return null;
}
