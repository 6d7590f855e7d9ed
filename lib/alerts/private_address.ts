import { BlockList, isIP } from "node:net";

/** Of IPv4: this machine, private and shared networks, tests, groups and what is reserved. */
const PRIVATE_IPV4 = blockList("ipv4", [
  ...[["0.0.0.0", 8], ["10.0.0.0", 8], ["100.64.0.0", 10], ["127.0.0.0", 8]] as const,
  ...[["169.254.0.0", 16], ["172.16.0.0", 12], ["192.0.0.0", 24], ["192.168.0.0", 16]] as const,
  ...[["198.18.0.0", 15], ["224.0.0.0", 3]] as const,
]);
/** The same of IPv6, and IPv4 addresses in hexadecimal. */
const PRIVATE_IPV6 = blockList("ipv6", [
  ...[["::", 128], ["::1", 128], ["::ffff:0:0", 96], ["64:ff9b:1::", 48]] as const,
  ...[["fc00::", 7], ["fe80::", 10], ["ff00::", 8]] as const,
]);

function blockList(
  version: "ipv4" | "ipv6",
  subnets: readonly (readonly [address: string, bits: number])[],
): BlockList {
  const list = new BlockList();
  for (const [address, bits] of subnets) list.addSubnet(address, bits, version);
  return list;
}

/**
 * Returns whether an IP address is one of this machine, of a private network or of none.
 *
 * @example Loopback, also written as IPv6
 * ```ts
 * import { isPrivateAddress } from "tandem/alerts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const addresses = ["127.0.0.1", "::ffff:10.1.2.3", "169.254.169.254", "1.1.1.1"];
 * deepStrictEqual(addresses.map(isPrivateAddress), [true, true, true, false]);
 * ```
 *
 * @param address An IPv4 or IPv6 address.
 * @returns `true` also for what is no IP address.
 */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  const version = isIP(plain);
  if (version === 4) return PRIVATE_IPV4.check(plain, "ipv4");
  return version === 0 || PRIVATE_IPV6.check(plain, "ipv6");
}
