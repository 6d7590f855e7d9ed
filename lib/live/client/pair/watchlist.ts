/// <reference lib="dom" />
import { formatFixed } from "../../../charts/mod.ts";
import type { Connection } from "../connection.ts";
import { element } from "../dom.ts";
import {
  readSettings,
  type Settings,
  settingsParams,
  toRequest,
  writeSettings,
} from "./settings.ts";

const KEY = "tandem.watchlist";
const MOST = 24;

interface Watched {
  readonly settings: Settings;
  readonly root: HTMLElement;
  readonly stop: () => void;
}

/** The pairs a reader watches, each with its z-score as it is now; remembered by the browser. */
export class Watchlist {
  readonly #root: HTMLElement;
  readonly #connection: Connection;
  readonly #changed: () => void;
  readonly #watched = new Map<string, Watched>();
  #current = "";

  constructor(root: HTMLElement, connection: Connection, changed: () => void) {
    this.#root = root;
    this.#connection = connection;
    this.#changed = changed;
    for (const search of stored()) this.#add(readSettings(search));
    // Another tab may have changed it.
    addEventListener("storage", (event) => {
      if (event.key === KEY) this.#take(stored());
    });
    this.#show();
  }

  /** Whether a pair is watched as it is measured now. */
  has(settings: Settings): boolean {
    return this.#watched.has(keyOf(settings));
  }

  /** Marks the pair that is looked at. */
  set current(settings: Settings | null) {
    this.#current = settings === null ? "" : keyOf(settings);
    this.#show();
  }

  /** Begins to watch a pair, or no longer does. */
  toggle(settings: Settings): void {
    const key = keyOf(settings);
    if (this.#watched.has(key)) this.#remove(key);
    else if (this.#watched.size < MOST) this.#add(settings);
    store([...this.#watched.keys()]);
    this.#show();
  }

  #take(searches: readonly string[]): void {
    for (const key of [...this.#watched.keys()]) if (!searches.includes(key)) this.#remove(key);
    for (const search of searches) {
      if (!this.#watched.has(search)) this.#add(readSettings(search));
    }
    this.#show();
  }

  #add(settings: Settings): void {
    const key = keyOf(settings);
    const { y, x, interval } = settings;
    const score = element("output", {}, "–");
    const remove = element("button", {
      ...{ type: "button", class: "remove", "aria-label": `Stop watching ${y} and ${x}` },
      onclick: () => this.toggle(settings),
    }, "×");
    const link = element(
      "a",
      { href: key, title: `${y} and ${x}, ${interval}, window ${settings.window}: z-score` },
      element("b", {}, `${short(y)} · ${short(x)}`),
      element("small", {}, interval),
      score,
    );
    const root = element("div", { class: "watched" }, link, remove);
    const request = toRequest({ ...settings, chart: "pair", limit: 1 });
    const stop = this.#connection.subscribe(request, {
      message: (message) => {
        const reading = "summary" in message ? message.summary?.reading : null;
        if (!reading) return;
        const { zScore, reason } = reading;
        score.value = formatFixed(zScore, 2);
        score.title = reason ?? "";
        root.dataset.state = stateOf(zScore, settings);
      },
      failed: ({ message }) => {
        score.value = "–";
        score.title = message;
      },
    });
    this.#watched.set(key, { settings, root, stop });
  }

  #remove(key: string): void {
    const watched = this.#watched.get(key);
    watched?.stop();
    watched?.root.remove();
    this.#watched.delete(key);
  }

  #show(): void {
    this.#root.hidden = this.#watched.size === 0;
    this.#root.replaceChildren(...[...this.#watched.values()].map(({ root }) => root));
    for (const [key, { root }] of this.#watched) {
      const link = root.querySelector("a");
      if (key === this.#current) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
    }
    this.#changed();
  }
}

/** How far a spread is out, for its colour. */
function stateOf(zScore: number | null, { entry, stop }: Settings): string {
  const size = Math.abs(zScore ?? 0);
  return size >= stop ? "stop" : size >= entry ? "entry" : "calm";
}

/** A pair as it is measured; what of it is looked at does not matter. */
function keyOf(settings: Settings): string {
  const { chart: _, ...pair } = settings;
  const params = settingsParams({ ...readSettings(writeSettings({ ...pair, chart: "pair" })) });
  params.delete("limit");
  return `?${params}`;
}

/** The asset of a contract is enough where many stand side by side. */
function short(symbol: string): string {
  return symbol.replace(/(?<=.)(USDT|USDC)$/, "");
}

function stored(): string[] {
  try {
    const value = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(value)
      ? value.filter((search) => typeof search === "string").slice(0, MOST)
      : [];
  } catch {
    return [];
  }
}

function store(searches: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(searches));
  } catch {
    // Not remembered where a page may not store.
  }
}
