/// <reference lib="dom" />
import type { StoredAlert } from "../../../store/mod.ts";

const KEY = "tandem.notify";

/** Notifications of the browser for alerts that fire while a page is open; off until asked for. */
export class Notifier {
  /** The newest alert that was there when the page came, or that was told. */
  #newestId: number | null = null;

  /** Whether alerts are told. */
  get isOn(): boolean {
    return isWanted() && "Notification" in globalThis && Notification.permission === "granted";
  }

  /** Turns them on, asking the browser, or off; gives why it cannot be done, or `null`. */
  async toggle(): Promise<string | null> {
    if (this.isOn) {
      remember(false);
      return null;
    }
    if (!("Notification" in globalThis)) return "This browser has no notifications";
    if (await Notification.requestPermission() !== "granted") {
      return "The browser does not allow notifications of this page: allow them in its settings";
    }
    remember(true);
    return null;
  }

  /** Takes the newest alerts, newest first, and tells those that are new. */
  take(alerts: readonly StoredAlert[], simulated: boolean): void {
    const before = this.#newestId;
    this.#newestId = alerts[0]?.alertId ?? before ?? 0;
    if (before === null || !this.isOn) return;
    for (const { alertId, ruleId, sentence } of alerts.filter((a) => a.alertId > before)) {
      // One tag per alert: of several open pages the last one replaces what the others showed.
      new Notification(`${simulated ? "SIMULATED: " : ""}${ruleId}`, {
        ...{ body: sentence, tag: `tandem-alert-${alertId}` },
      });
    }
  }
}

function isWanted(): boolean {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

function remember(isOn: boolean): void {
  try {
    localStorage.setItem(KEY, isOn ? "on" : "off");
  } catch {
    // Not remembered where a page may not store.
  }
}
