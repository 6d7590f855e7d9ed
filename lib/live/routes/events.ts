import type { Watched } from "../feed_book.ts";
import { readQuery } from "../query.ts";
import { SAFE_HEADERS } from "../respond.ts";
import type { Route, RouteContext } from "./route.ts";

const HEARTBEAT_MS = 5_000;

/** A reader this many events behind is cut off; it comes back to a fresh snapshot. */
const MOST_WAITING = 256;

/** Sends one event. */
type Send = (event: string, data: unknown) => void;

/**
 * A pair (`y`, `x`) or bars (`symbol`) as server-sent events: `snapshot`, then `append`, `amend`,
 * `summary` and `heartbeat`. After a reconnect the snapshot holds whatever was missed. With
 * `kind=screen` the ranking of all pairs: `screen` on every bar, and `heartbeat`.
 */
export const events: Route = (context) => {
  const { query, book, ending } = context;
  const watch = query.kind === "screen" ? watchScreen(context) : watchRows(context);
  let watching: Disposable | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let isOpen = true;
  let finish = () => {};
  const release = () => {
    isOpen = false;
    clearInterval(timer);
    ending.removeEventListener("abort", finish);
    watching?.[Symbol.dispose]();
  };
  const body = new ReadableStream<string>({
    start(controller) {
      finish = () => {
        release();
        controller.close();
      };
      const send = (event: string, data: unknown) => {
        if (!isOpen) return;
        if ((controller.desiredSize ?? 0) < -MOST_WAITING) finish();
        else controller.enqueue(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      };
      controller.enqueue("retry: 1000\n\n");
      watching = watch(send, finish);
      timer = setInterval(() => send("heartbeat", book.pulse()), HEARTBEAT_MS);
      ending.addEventListener("abort", finish);
    },
    cancel: release,
  });
  return new Response(body.pipeThrough(new TextEncoderStream()), {
    headers: { ...SAFE_HEADERS, "content-type": "text/event-stream" },
  });
};

function watchRows({ query, book }: RouteContext) {
  const watched: Watched = "symbol" in query
    ? { kind: "bars", ...readQuery("bars", query) }
    : { kind: "pair", ...readQuery("pair", query) };
  return (send: Send, failed: () => void): Disposable => {
    const snapshot = () => send("snapshot", { spec: watching.spec, ...watching.snapshot() });
    const watching = book.watch(watched, {
      changed: ({ isAppend, fromMs, rows }) =>
        isAppend ? send("append", { rows }) : send("amend", { fromMs, rows }),
      summarized: (summary) => send("summary", { summary }),
      restarted: snapshot,
      failed,
    });
    snapshot();
    return watching;
  };
}

function watchScreen({ query, screens }: RouteContext) {
  const asked = readQuery("screen", query);
  return (send: Send, failed: () => void): Disposable =>
    screens.watch(asked, { screened: (screen) => send("screen", { screen }), failed });
}
