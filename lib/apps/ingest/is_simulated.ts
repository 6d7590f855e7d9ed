/**
 * Whether the exchange behind a REST address is a simulated one; it says so in each answer. What
 * cannot be reached counts as real: the next request tells what is wrong with it.
 */
export async function isSimulated(restUrl: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${restUrl}/fapi/v1/ping`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    await response.body?.cancel();
    return response.headers.get("server")?.startsWith("tandem-exchange") === true;
  } catch {
    return false;
  }
}
