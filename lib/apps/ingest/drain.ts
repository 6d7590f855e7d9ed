import { StoreError, type StoreWriter } from "../../store/mod.ts";
import { ProgramError } from "../program.ts";
import type { Pipeline } from "./pipeline.ts";

/**
 * Stores what is left when a program ends.
 *
 * @param otherwise What becomes of it where nothing can be stored now, for a person.
 * @throws {ProgramError} If nothing can be stored now.
 */
export function drain(pipeline: Pipeline, writer: StoreWriter, otherwise: string): void {
  try {
    pipeline.drain();
    writer.heartbeat(Date.now());
  } catch (cause) {
    if (!(cause instanceof StoreError && cause.passes)) throw cause;
    throw new ProgramError(`${cause.message}; what was stored is safe, and ${otherwise}`, {
      cause,
    });
  }
}
