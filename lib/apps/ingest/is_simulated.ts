/**
 * Whether the exchange that answers at an address is a simulated one; it says so in each answer. What
 * cannot be reached counts as real: the next request tells what is wrong with it.
 */
export async function isSimulated(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    await response.body?.cancel();
    return response.headers.get("server")?.startsWith("tandem-exchange") === true;
  } catch {
    return false;
  }
}
