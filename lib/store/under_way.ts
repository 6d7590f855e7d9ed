import type { BatchUnderWay, WriteResult } from "./writer.ts";

/** Writes a batch at once; tells what became of it when it is asked. */
export function writtenAtOnce(write: () => WriteResult): BatchUnderWay {
  let settle: () => WriteResult;
  try {
    const result = write();
    settle = () => result;
  } catch (error) {
    settle = () => {
      throw error;
    };
  }
  return { settled: Promise.resolve(), settle };
}
