let isHeeded = false;

/**
 * Lets Ctrl-C and SIGTERM end what waits for a server: it gets 2.5 s more. For programs that listen
 * to these signals and end themselves: without that, neither would end a program any more. It is to
 * be called before a database on a server is opened.
 *
 * @example A program that ends itself
 * ```ts no-run
 * import { heedSignals } from "tandem/store";
 *
 * Deno.addSignalListener("SIGINT", () => Deno.exit(0));
 * heedSignals();
 * ```
 */
export function heedSignals(): void {
  isHeeded = true;
}

/** Whether this process listens to the signals that are to end it. */
export function areSignalsHeeded(): boolean {
  return isHeeded;
}
