/** The sockets: two that carry one class of streams each, and the retired unrouted one. */
export type Route = "market" | "public" | "legacy";

/** The class of a stream: which socket carries it. */
export type StreamClass = "market" | "public";

const PUBLIC_STREAM = /@(trade|bookTicker|depth\d*(@\d+ms)?|rpiDepth@\d+ms)$|^!bookTicker$/;

/** The class of a stream by its name; everything that is not of the book or single trades is market. */
export function streamClass(stream: string): StreamClass {
  return PUBLIC_STREAM.test(stream) ? "public" : "market";
}

/** What the path of a WebSocket asks for. */
export interface SocketRequest {
  readonly route: Route;
  /** Whether frames carry the stream name. */
  readonly combined: boolean;
  /** Streams named in the URL. */
  readonly streams: readonly string[];
}

function namesInPath(path: string): string[] | null {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    return null;
  }
}

function namesInQuery(url: URL): string[] {
  return (url.searchParams.get("streams") ?? "").split("/");
}

/** Reads the path of a WebSocket; `null` where no socket is. */
export function socketRequest(url: URL): SocketRequest | null {
  const match = /^\/(?:(market|public)\/)?(?:(stream)|ws((?:\/.*)?))\/?$/.exec(url.pathname);
  if (match === null) return null;
  const [, route, stream, path] = match;
  const names = stream === undefined ? namesInPath(path ?? "") : namesInQuery(url);
  if (names === null) return null;
  return {
    route: route === undefined ? "legacy" : route as StreamClass,
    combined: stream !== undefined,
    streams: [...new Set(names.filter((name) => name !== ""))],
  };
}
