/** Where a program of a test runs, and is reached. */
export interface Place {
  /** Its IPv4 address. */
  readonly address: string;
  /** The words that go before a command to run it there. */
  readonly words: readonly string[];
}

/** This machine, which nobody else reaches. */
export const HERE: Place = { address: "127.0.0.1", words: [] };

/** A command that runs at a place. */
export function commandAt(
  { words }: Place,
  program: string,
  { args = [], ...options }: Deno.CommandOptions,
): Deno.Command {
  const [first, ...rest] = [...words, program, ...args as string[]];
  return new Deno.Command(first!, { ...options, args: rest });
}
