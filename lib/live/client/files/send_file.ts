/// <reference lib="dom" />
import type { ImportAnswer } from "../../import_answer.ts";

/** How a file is to be read where it does not say it itself; empty texts say nothing. */
export interface Hints {
  readonly symbol: string;
  readonly interval: string;
  readonly zone: string;
}

/**
 * Sends a file to the hub, which keeps it in the database.
 *
 * @param onSent Told which share of it is sent, in [0, 1].
 * @throws {Error} If it is not kept; the message is for the reader.
 */
export function sendFile(
  file: File,
  hints: Hints,
  onSent: (share: number) => void,
): Promise<ImportAnswer> {
  const query = new URLSearchParams({ name: file.name });
  for (const [name, value] of Object.entries(hints)) if (value !== "") query.set(name, value);
  // fetch() does not tell how much of a body is sent.
  const request = new XMLHttpRequest();
  const { promise, resolve, reject } = Promise.withResolvers<ImportAnswer>();
  request.open("POST", new URL(`api/files?${query}`, document.baseURI));
  request.setRequestHeader("content-type", "application/octet-stream");
  request.responseType = "json";
  request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 1);
  request.onerror = () => reject(new Error("Cannot send it as the hub does not answer"));
  request.onload = () => {
    const { status, response } = request;
    if (status === 200) resolve(response);
    else reject(new Error(response?.error?.message ?? `The hub answers ${status}`));
  };
  request.send(file);
  return promise;
}
