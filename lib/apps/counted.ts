/** A number and what it counts, in the singular for one: `1 symbol`, `0 gaps`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The first of some problems, and how many more there are. */
export function firstOf(problems: readonly string[]): string {
  const more = problems.length - 1;
  return problems[0] + (more > 0 ? `, and ${counted(more, "problem")} more` : "");
}
