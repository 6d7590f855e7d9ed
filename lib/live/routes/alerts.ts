import { z } from "zod";
import { alertRuleText, describeCondition, readAlertRule } from "../../alerts/mod.ts";
import type { AlertsAnswer } from "../alerts_answer.ts";
import { HubError } from "../hub_error.ts";
import { readQuery } from "../query.ts";
import { json } from "../respond.ts";
import type { ActionRoute, Route } from "./route.ts";

const changeSchema = z.object({
  put: z.array(z.unknown()).default([]),
  remove: z.array(z.string()).default([]),
});

/** The alert rules, what each sees now, and what fired, newest first. */
export const alerts: Route = ({ source, query, actions }) => {
  const { limit } = readQuery("alerts", query);
  return json(source.read((reader): AlertsAnswer => ({
    canChange: actions !== null,
    rules: reader.alerts.rules().map(({ rule, state }) => {
      const text = JSON.parse(rule);
      const description = describeCondition(readAlertRule(text).condition);
      return { rule: text, description, state: state === null ? null : JSON.parse(state) };
    }),
    alerts: reader.alerts.history({ limit }),
  })));
};

/** Puts and removes alert rules, through the ingest that writes the database. */
export const changeAlerts: ActionRoute = async ({ body, actions }) => {
  const asked = changeSchema.safeParse(body);
  if (!asked.success) {
    throw new HubError(400, "bad_request", `Cannot change alerts: send {"put": [], "remove": []}`);
  }
  const { put, remove } = asked.data;
  return json({ removed: await actions.changeAlerts(put.map(checked), remove) });
};

function checked(input: unknown) {
  try {
    return alertRuleText(readAlertRule(input));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HubError(400, "bad_request", error.message, { cause: error });
  }
}
