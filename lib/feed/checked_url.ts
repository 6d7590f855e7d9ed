/**
 * Returns an address without its trailing slashes, after checking its form.
 *
 * @param url The address.
 * @param name What the address is called in the error.
 * @param protocols The protocols allowed, each with its colon.
 * @returns The address to append a path to.
 * @throws {TypeError} If `url` is no address of one of the protocols.
 */
export function checkedUrl(url: string, name: string, protocols: readonly string[]): string {
  const parsed = URL.parse(url);
  if (parsed === null || !protocols.includes(parsed.protocol) || parsed.search !== "") {
    const wanted = protocols.map((p) => `${p}//`).join(" or ");
    throw new TypeError(
      `Cannot connect as "${name}" must be an address that starts with ${wanted}: current value is "${url}"`,
    );
  }
  return url.replace(/\/+$/, "");
}
