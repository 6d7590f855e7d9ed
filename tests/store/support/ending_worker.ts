/** A thread that answers, and ends by a failure that belongs to no call. */
import { answerCalls } from "../../../lib/store/thread/answer_calls.ts";

const thread = {
  double: (x: number) => 2 * x,
  never: () => new Promise(() => {}),
  rejectSoon: () => void setTimeout(() => Promise.reject(new Error("a promise of nobody")), 50),
  throwSoon: () =>
    void setTimeout(() => {
      throw new Error("an error of nobody");
    }, 50),
};

answerCalls(() => ({ thread, writer: undefined, alerts: undefined, shares: undefined }));
