/// <reference lib="dom" />
import type { StoredAlert } from "../../../store/mod.ts";
import type { AlertRuleText } from "../../../alerts/mod.ts";
import type { AlertsAnswer, RuleAnswer } from "../../alerts_answer.ts";
import type { Pulse } from "../../protocol.ts";
import { ask } from "../ask.ts";
import { DataTable } from "../data_table.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";
import { ALERT_COLUMNS } from "./alert_columns.ts";
import { AlertForm } from "./alert_form.ts";
import { Notifier } from "./notifier.ts";
import { RULE_COLUMNS } from "./rule_columns.ts";

const LOOK_MS = 2_000;
/** What an address may fill into the form. */
const FILLED = ["watch", "y", "x", "symbol", "interval", "window"];

/** What the alerts view needs of the page. */
export interface AlertsPageOptions {
  readonly root: HTMLElement;
  readonly addressed: (params: URLSearchParams, isStep: boolean) => void;
}

/** The view of alerts: the rules and what they see, what fired, and a form for more. */
export class AlertsPage {
  readonly #form = new AlertForm((rule) => this.#change([rule], []));
  readonly #notifier = new Notifier();
  readonly #notify = element("button", { type: "button", class: "quiet" });
  readonly #note = element("p", { class: "note", role: "status" });
  readonly #rules = new DataTable<RuleAnswer>({
    label: "Alert rules",
    columns: RULE_COLUMNS,
    keyOf: ({ rule }) => rule.id,
    hrefOf: ({ rule }) => addressOf(rule),
    action: { label: "Remove", run: ({ rule }) => this.#remove(rule.id) },
  });
  readonly #alerts = new DataTable<StoredAlert>({
    label: "What fired, newest first",
    columns: ALERT_COLUMNS,
    keyOf: ({ alertId }) => String(alertId),
  });
  readonly #formCard = card("New alert", [], this.#form.root);
  #isShown = false;
  #problem: string | null = null;
  #answer: AlertsAnswer | null = null;

  constructor({ root }: AlertsPageOptions) {
    this.#notify.addEventListener("click", () => this.#toggle());
    root.replaceChildren(
      card("Rules", [this.#notify], this.#note, scroll(this.#rules.root)),
      this.#formCard,
      card("What fired", [], scroll(this.#alerts.root)),
    );
    this.#showNotify();
    clock.watch(() => this.#draw());
    // Also while another view is shown or the tab is in the background: notifications wait for it.
    setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  /** Shows what an address names: a rule to be made, if it says so. */
  show(search: string): void {
    document.title = "Alerts, Tandem";
    this.#isShown = true;
    const params = new URLSearchParams(search);
    this.#form.fill(new URLSearchParams([...params].filter(([name]) => FILLED.includes(name))));
    this.#draw();
    this.#look();
  }

  /** Stops drawing. */
  hide(): void {
    this.#isShown = false;
  }

  async #look(): Promise<void> {
    if (!this.#isShown && !this.#notifier.isOn) return;
    const [answer, pulse] = await Promise.all([
      ask<AlertsAnswer>("api/alerts"),
      ask<Pulse>("api/health"),
    ]);
    if (answer === null) return;
    this.#answer = answer;
    this.#notifier.take(answer.alerts, pulse?.simulated ?? false);
    this.#draw();
  }

  #draw(): void {
    if (!this.#isShown || this.#answer === null) return;
    const { rules, alerts, canChange } = this.#answer;
    this.#rules.show(rules);
    this.#alerts.show(alerts);
    this.#formCard.hidden = !canChange;
    this.#showNote();
  }

  async #toggle(): Promise<void> {
    const problem = await this.#notifier.toggle();
    this.#say(problem);
    this.#showNotify();
    this.#look();
  }

  #showNotify(): void {
    const { isOn } = this.#notifier;
    this.#notify.textContent = isOn ? "Notifications on" : "Notify me in this browser";
    this.#notify.setAttribute("aria-pressed", String(isOn));
  }

  async #remove(id: string): Promise<void> {
    await this.#change([], [id]).then(() => this.#say(null), (error) => this.#say(error.message));
  }

  async #change(put: readonly AlertRuleText[], remove: readonly string[]): Promise<void> {
    const response = await fetch(new URL("api/alerts", document.baseURI), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ put, remove }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(body.error?.message ?? `The hub answers ${response.status}`);
    await this.#look();
  }

  /** Says what went wrong with what the reader did last. */
  #say(problem: string | null): void {
    this.#problem = problem;
    this.#showNote();
  }

  #showNote(): void {
    const none = this.#answer?.rules.length === 0 ? "There are no rules yet." : "";
    const text = this.#problem === null ? none : `${this.#problem}.`;
    this.#note.hidden = text === "";
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }
}

/** The pair or the data that a rule is about. */
function addressOf({ y, x, interval, window }: AlertRuleText): string {
  if (y === undefined || x === undefined) return "?view=data";
  return `?${new URLSearchParams({ y, x, interval: interval!, window: String(window) })}`;
}

function card(title: string, tools: readonly Node[], ...content: Node[]): HTMLElement {
  const head = element("div", { class: "card-head" }, element("h2", {}, title), ...tools);
  return element("section", { class: "card" }, head, ...content);
}

function scroll(table: HTMLElement): HTMLElement {
  return element("div", { class: "scroll" }, table);
}
