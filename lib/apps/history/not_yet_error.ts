import { ProgramError } from "../program.ts";

/** Something that cannot be taken yet, and can soon. */
export class NotYetError extends ProgramError {}
