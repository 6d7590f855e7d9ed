/// <reference lib="dom" />

/** The answer of an address of the hub, or `null` while there is none. */
export async function ask<T>(path: string): Promise<T | null> {
  try {
    const response = await fetch(new URL(path, document.baseURI));
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** The answer of an address of the hub; what goes wrong is thrown as one sentence. */
export async function askOrThrow<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(new URL(path, document.baseURI), { signal }).catch((cause) => {
    if (signal.aborted) throw cause;
    throw new Error("Cannot reach the hub: it may be restarting", { cause });
  });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error?.message ?? `The hub answers ${response.status}`);
  return body;
}
