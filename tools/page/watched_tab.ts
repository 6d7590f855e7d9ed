/// <reference lib="dom" />
import type { Browser, CDPSession, Page } from "npm:playwright-core@1.65.1";
import { usageOf } from "../soak/child.ts";

/** What an open tab is and has received. */
export interface TabState {
  /** JavaScript heap after a collection, bytes. */
  readonly heapBytes: number;
  /** Nodes of its documents, those included that only scripts still know. */
  readonly nodes: number;
  /** Listeners of events. */
  readonly listeners: number;
  /** Memory of its process, bytes. */
  readonly rssBytes: number;
  /** Messages of the hub so far that carried rows or a screen. */
  readonly updates: number;
  /** Changes of the document that these led to, so far. */
  readonly changes: number;
}

/** A page of the live view that is watched while it runs. */
export class WatchedTab {
  readonly #page: Page;
  readonly #devtools: CDPSession;
  readonly #system: CDPSession;
  #updates = 0;
  #bytes = 0;
  /** How often a screen of each bar has come, by its open time. */
  readonly screens = new Map<number, number>();

  private constructor(page: Page, devtools: CDPSession, system: CDPSession) {
    this.#page = page;
    this.#devtools = devtools;
    this.#system = system;
    page.on(
      "websocket",
      (socket) => socket.on("framereceived", ({ payload }) => this.#take(String(payload))),
    );
  }

  /** Opens an address in a browser that has no other page. */
  static async open(browser: Browser, url: string): Promise<WatchedTab> {
    const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable");
    const system = await browser.newBrowserCDPSession();
    const tab = new WatchedTab(page, devtools, system);
    await page.addInitScript(() => {
      Object.assign(globalThis, { changes: 0 });
      addEventListener("DOMContentLoaded", () =>
        new MutationObserver((records) => {
          const page = globalThis as unknown as { changes: number };
          page.changes += records.length;
        }).observe(document.body, { subtree: true, childList: true, characterData: true }));
    });
    await page.goto(url);
    return tab;
  }

  /** Bytes of all messages so far. */
  get receivedBytes(): number {
    return this.#bytes;
  }

  /** Collects what nobody holds any more, and looks at what is left. */
  async look(): Promise<TabState> {
    await this.#devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await this.#devtools.send("Performance.getMetrics");
    const metric = (name: string) => metrics.find((m) => m.name === name)!.value;
    const changes = await this.#page.evaluate(() =>
      (globalThis as unknown as { changes: number }).changes
    );
    return {
      heapBytes: metric("JSHeapUsedSize"),
      nodes: metric("Nodes"),
      listeners: metric("JSEventListeners"),
      rssBytes: usageOf(await this.#pid())!.rssBytes,
      updates: this.#updates,
      changes,
    };
  }

  /** The process of the page: a browser keeps another one at hand, which has done next to nothing. */
  async #pid(): Promise<number> {
    const { processInfo } = await this.#system.send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter(({ type }) => type === "renderer");
    return renderers.reduce((most, next) => next.cpuTime > most.cpuTime ? next : most).id;
  }

  #take(text: string): void {
    this.#bytes += text.length;
    const message = JSON.parse(text);
    if (message.op === "screen") {
      const { openTimeMs } = message.screen;
      this.screens.set(openTimeMs, (this.screens.get(openTimeMs) ?? 0) + 1);
    }
    if (["append", "amend", "screen"].includes(message.op)) this.#updates++;
  }
}
