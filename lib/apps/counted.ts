/** A number and what it counts, in the singular for one: `1 symbol`, `0 gaps`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
