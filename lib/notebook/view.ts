import type { Part, PartContent } from "../live/mod.ts";
import { moving } from "./bundle.ts";
import { databaseInUse } from "./database.ts";
import { hubUrl } from "./hub.ts";
import { isInNotebook, type MediaBundle } from "./kernel.ts";
import { LiveRequest } from "./live_request.ts";
import { register } from "./parts.ts";
import { isChart, output, type Showable, type Shown, toBundle } from "./show.ts";
import type { Signal } from "./signal.ts";

/** Draws a value. */
export type Draw<T> = (value: T) => Shown | Promise<Shown>;

/**
 * What is drawn from a value that changes: drawn anew whenever it does, where the cell that showed
 * it is, in every page that looks at it. While nobody looks nothing is drawn.
 */
export class View<T> implements Showable, Part {
  readonly #signal: Signal<T>;
  readonly #draw: Draw<T>;
  readonly #begin: () => Disposable | null;
  #whileWatched: Disposable | null = null;
  readonly #pages = new Set<(content: PartContent) => void>();
  #content: PartContent | null = null;
  #isStale = true;
  #isDrawing = false;

  /**
   * @param signal The value.
   * @param draw Draws it.
   * @param begin Called when the first page looks; its result is disposed when the last has gone.
   */
  constructor(signal: Signal<T>, draw: Draw<T>, begin: () => Disposable | null = () => null) {
    this.#signal = signal;
    this.#draw = draw;
    this.#begin = begin;
  }

  async [output](): Promise<MediaBundle> {
    const shown = await this.#draw(this.#signal.value);
    const still = await (shown instanceof LiveRequest ? toBundle(shown.still()) : toBundle(shown));
    if (!isInNotebook) return still;
    const base = await hubUrl(databaseInUse());
    return moving(still, { base, name: "hydratePart", args: [register(this)] });
  }

  watch(tell: (content: PartContent) => void): Disposable {
    if (this.#pages.size === 0) this.#whileWatched = this.#follow();
    this.#pages.add(tell);
    if (this.#isStale || this.#content === null) void this.#update();
    else tell(this.#content);
    return {
      [Symbol.dispose]: () => {
        this.#pages.delete(tell);
        if (this.#pages.size > 0) return;
        this.#whileWatched?.[Symbol.dispose]();
        this.#whileWatched = null;
      },
    };
  }

  take(): void {
    // Nothing can be said to it.
  }

  /** Hears of changes while somebody looks; a view that nobody looks at is held by nobody. */
  #follow(): Disposable {
    const whileWatched = new DisposableStack();
    whileWatched.use(this.#begin());
    whileWatched.use(this.#signal.watch(() => {
      this.#isStale = true;
      void this.#update();
    }));
    this.#isStale = true;
    return whileWatched;
  }

  /** One drawing at a time; what changed meanwhile is drawn next, what changed between is not. */
  async #update(): Promise<void> {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    try {
      while (this.#isStale && this.#pages.size > 0) {
        this.#isStale = false;
        this.#content = await this.#make();
        for (const tell of this.#pages) tell(this.#content);
      }
    } finally {
      this.#isDrawing = false;
    }
  }

  async #make(): Promise<PartContent> {
    try {
      const shown = await this.#draw(this.#signal.value);
      if (shown instanceof LiveRequest) {
        return { kind: "live", base: await hubUrl(shown.database), request: shown.request };
      }
      if (isChart(shown)) return { kind: "chart", spec: shown.spec, columns: shown.columns };
      return { kind: "html", html: (await toBundle(shown))["text/html"] ?? "" };
    } catch (error) {
      return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    }
  }
}
