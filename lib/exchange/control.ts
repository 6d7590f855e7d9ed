/** What a client asked on its socket. */
export type ControlRequest =
  | { readonly method: "SUBSCRIBE" | "UNSUBSCRIBE"; readonly streams: readonly string[] }
  | { readonly method: "LIST_SUBSCRIPTIONS" }
  | { readonly method: "SET_PROPERTY"; readonly combined: boolean }
  | { readonly method: "GET_PROPERTY" };

/** The id of a control message as its reply repeats it. */
export type ControlId = number | string | null;

/** An error as it goes over the wire. */
export interface ControlError {
  readonly code: number;
  readonly msg: string;
}

/** A control message that was understood, or the error it gets. */
export type Control =
  | { readonly id: ControlId; readonly request: ControlRequest }
  | { readonly id?: ControlId; readonly error: ControlError };

const METHODS = ["SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY"];

function invalid(reason: string): { error: ControlError } {
  return { error: { code: 2, msg: `Invalid request: ${reason}` } };
}

function isId(id: unknown): id is ControlId {
  return id === null || (typeof id === "string" && id.length <= 36) ||
    (typeof id === "number" && Number.isSafeInteger(id) && id >= 0);
}

function property(params: readonly unknown[]): { error: ControlError } | null {
  const [name] = params;
  if (typeof name !== "string") return invalid("property name must be a string");
  return name === "combined" ? null : { error: { code: 0, msg: "Unknown property" } };
}

function requestOf(
  method: string,
  params: readonly unknown[],
  at: string,
): { request: ControlRequest } | { error: ControlError } {
  switch (method) {
    case "SUBSCRIBE":
    case "UNSUBSCRIBE": {
      const streams = params.filter((name) => typeof name === "string");
      if (streams.length < params.length) return invalid("invalid type, expected a string");
      if (streams.length === 0 || streams.includes("")) {
        return invalid("streams must have non-zero length");
      }
      return { request: { method, streams } };
    }
    case "LIST_SUBSCRIPTIONS":
      return { request: { method } };
    case "SET_PROPERTY": {
      const error = property(params);
      if (error !== null) return error;
      if (params.length > 2) return invalid("too many parameters");
      const [, combined] = params;
      return typeof combined === "boolean"
        ? { request: { method, combined } }
        : { error: { code: 1, msg: "Invalid value type: expected Boolean" } };
    }
    case "GET_PROPERTY":
      if (params.length > 1) return invalid("too many parameters");
      return property(params) ?? { request: { method } };
    default: {
      const known = METHODS.map((name) => `\`${name}\``).join(", ");
      return invalid(`unknown variant \`${method}\`, expected one of ${known} ${at}`);
    }
  }
}

/** Reads a control message. Ids may be texts of up to 36 characters, as Binance's own SDK sends. */
export function readControl(text: string): Control {
  const at = `at line 1 column ${text.length}`;
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { error: { code: 3, msg: "Invalid JSON: expected value at line 1 column 1" } };
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    return invalid(`invalid type, expected struct Request ${at}`);
  }
  const { method, params = [], id = null } = message as Record<string, unknown>;
  if (!isId(id)) return invalid("request ID must be an unsigned integer");
  if (method === undefined) return { id, ...invalid(`missing field \`method\` ${at}`) };
  if (typeof method !== "string") return { id, ...invalid("method must be a string") };
  if (!Array.isArray(params)) return { id, ...invalid("params must be an array") };
  return { id, ...requestOf(method, params, at) };
}
