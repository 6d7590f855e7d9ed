import { type Channel, type Reply, type Request, toFailure } from "./wire.ts";

/** What can be asked: methods by the name of their part. */
export type Parts = Readonly<Record<Request["part"], object | undefined>>;

interface WorkerScope extends EventTarget {
  onmessage: ((event: MessageEvent<Channel & Request>) => void) | null;
  postMessage(message: null): void;
}

/**
 * Lets another thread call methods here, one after the other; those that return a promise go on
 * beside later ones. A failure that belongs to no call is told, too, and is the end.
 *
 * @param partsNow What can be asked now.
 */
export function answerCalls(partsNow: () => Parts): void {
  const scope = globalThis as unknown as WorkerScope;
  scope.onmessage = ({ data: channel }) => {
    const answer = (reply: Reply) => {
      channel.replies.postMessage(reply);
      // Whoever sleeps looks for the reply when the count has changed; others are told.
      Atomics.add(channel.count, 0, 1);
      Atomics.notify(channel.count, 0);
      scope.postMessage(null);
    };
    const end = (event: Event, error: unknown) => {
      // Whoever asked says so in a sentence.
      event.preventDefault();
      answer({ id: null, value: null, failure: toFailure(error) });
    };
    scope.addEventListener("unhandledrejection", (event) => {
      end(event, (event as PromiseRejectionEvent).reason);
    });
    scope.addEventListener("error", (event) => end(event, (event as ErrorEvent).error));
    scope.onmessage = async ({ data: { id, part, method, args } }) => {
      try {
        const target = partsNow()[part] as Record<string, (...args: unknown[]) => unknown>;
        const value = target[method]!(...args);
        const settled = value instanceof Promise ? await value : value;
        answer({ id, value: settled, failure: null });
      } catch (error) {
        answer({ id, value: null, failure: toFailure(error) });
      }
    };
  };
}
