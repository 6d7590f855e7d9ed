import { report } from "./prelude.ts";

/** A value that changes, and those who want to hear of it. */
export class Signal<T> {
  readonly #listeners = new Set<(value: T) => void>();
  #value: T;

  /** @param value What it is at first. */
  constructor(value: T) {
    this.#value = value;
  }

  /** What it is now. */
  get value(): T {
    return this.#value;
  }

  /** Changes it and tells everybody; one who fails keeps nothing from the others. */
  set value(value: T) {
    this.#value = value;
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        report("onChange", error);
      }
    }
  }

  /** Tells of every change, until it is disposed. */
  watch(listener: (value: T) => void): Disposable {
    // A listener that is given twice is told twice.
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }
}
