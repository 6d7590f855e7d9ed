import type { WriterShares } from "./writer.ts";

/** The shares of a writer that writes alone: it has all of them. */
export const UNDIVIDED: WriterShares = {
  writers: () => 1,
  hold: () => true,
  giveBack() {},
};
