import { startHub } from "../../live/mod.ts";
import { openReader } from "../../store/mod.ts";
import { type Context, ProgramError } from "../program.ts";
import type { ServeOptions } from "../serve.ts";

/** Serves the live view until the signal is aborted. */
export async function runServe(options: ServeOptions, { signal, report }: Context): Promise<void> {
  const { database, hostname, port, token, json } = options;
  openReader(database)[Symbol.dispose]();
  await using hub = await startHub({ open: () => openReader(database), hostname, port, token })
    .catch((cause) => {
      if (cause instanceof Deno.errors.AddrInUse) {
        throw new ProgramError(
          `Cannot serve on port ${port} as another program uses it: choose another --port, or 0 for any free one`,
          { cause },
        );
      }
      throw cause;
    });
  report.print(
    json
      ? JSON.stringify({ url: hub.url })
      : `Tandem shows ${database} at ${hub.url}\nCtrl-C ends it`,
  );
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
}
