/** A program of the system: where a variable of the environment says, else at one of some places, else `null`. */
export function findProgram(variable: string, places: readonly string[]): string | null {
  const named = Deno.env.get(variable);
  if (named !== undefined && named !== "") return named;
  return places.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  }) ?? null;
}
