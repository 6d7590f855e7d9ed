let isHeeded = false;

/**
 * Lets Ctrl-C and SIGTERM end what waits for a server: it gets 2.5 s more. For programs that listen
 * to these signals and end themselves: without that, neither would end a program any more. It is to
 * be called before a database on a server is opened.
 *
 * @example A program that ends itself
 * ```ts
 * import { heedSignals } from "tandem/store";
 *
 * const end = () => Deno.exit(0);
 * Deno.addSignalListener("SIGINT", end);
 * heedSignals();
 * // … reads, and says what it found; then:
 * Deno.removeSignalListener("SIGINT", end);
 * ```
 */
export function heedSignals(): void {
  isHeeded = true;
}

/** Whether this process listens to the signals that are to end it. */
export function areSignalsHeeded(): boolean {
  return isHeeded;
}
