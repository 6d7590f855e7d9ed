import { type HubActions, HubError, startHub } from "../../live/mod.ts";
import { openReader } from "../../store/mod.ts";
import { controlClient } from "../control_client.ts";
import { type Context, ProgramError } from "../program.ts";
import type { ServeOptions } from "../serve.ts";
import { keepFiles } from "./keep_files.ts";

/** Serves the live view until the signal is aborted. */
export async function runServe(options: ServeOptions, { signal, report }: Context): Promise<void> {
  const { database, hostname, port, token, json, readOnly, mostUploadBytes } = options;
  openReader(database)[Symbol.dispose]();
  const actions = readOnly ? {} : {
    actions: {
      ...ingestActions(database),
      files: keepFiles(database, mostUploadBytes, signal),
    },
  };
  await using hub = await startHub({
    ...{ open: () => openReader(database), hostname, port, token, ...actions },
  })
    .catch((cause) => {
      throw cause instanceof HubError ? new ProgramError(cause.message, { cause }) : cause;
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

/** What the page can have done, by the ingest that writes the database at that moment. */
function ingestActions(database: string): HubActions {
  return {
    async changeAlerts(put, remove) {
      try {
        return await (await controlClient(database)).changeAlerts(put, remove);
      } catch (cause) {
        if (!(cause instanceof ProgramError)) throw cause;
        throw new HubError(503, "no_ingest", cause.message, { cause });
      }
    },
  };
}
