import { HubError } from "./hub_error.ts";
import { changeAlerts } from "./routes/alerts.ts";
import { keepFile } from "./routes/files.ts";
import type { ActionRoute, HubActions } from "./routes/route.ts";

const ROUTES: Readonly<Record<string, ActionRoute>> = {
  "/api/alerts": changeAlerts,
};

/** Where files are sent to. */
const FILES = "/api/files";

/** A request that changes something is short, characters. */
const MOST_LENGTH = 100_000;

/**
 * Answers a POST request. It must be JSON, or the bytes of a file, which no page of another site can
 * send unasked.
 *
 * @throws {HubError} 400, 403, 405, 413 or 415, or what the action says.
 */
export async function act(
  request: Request,
  path: string,
  actions: HubActions | null,
): Promise<Response> {
  const route = ROUTES[path];
  if (path === FILES && actions?.files !== undefined) return await keepFile(request, actions.files);
  if (route === undefined && path !== FILES) {
    throw new HubError(405, "method_not_allowed", `Cannot POST to "${path}": use GET`);
  }
  if (actions === null || route === undefined) {
    throw new HubError(403, "read_only", "Cannot change anything here: this view only reads");
  }
  if (!/^application\/json\b/.test(request.headers.get("content-type") ?? "")) {
    throw new HubError(415, "not_json", "Cannot read the request as it must be application/json");
  }
  return await route({ body: await readJson(request), actions });
}

async function readJson(request: Request): Promise<unknown> {
  let text = "";
  // No more of it is read than may be taken.
  for await (const part of request.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    if (text.length > MOST_LENGTH) {
      throw new HubError(413, "too_large", `Cannot take more than ${MOST_LENGTH} characters`);
    }
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HubError(400, "bad_request", "Cannot read the request as it is no JSON", { cause });
  }
}
