import type { Place } from "./place.ts";

/** Addresses that are for tests of networks alone (RFC 2544). */
const RANGE = [198, 18];
/** Distinguishes those of one process. */
let made = 0;

/** A host of its own: programs on it reach others by cable alone. */
export interface Host extends Place {
  /** Nothing comes through any more, and nobody is told. */
  pull(): Promise<void>;
  /** The cable is put back. */
  plug(): Promise<void>;
}

/**
 * Hosts joined by a switch, each a network namespace of this machine, which is one of them. Whose
 * cable is pulled vanishes as one does that loses its power: no connection is closed.
 */
export class Hosts implements AsyncDisposable {
  readonly #name: string;
  readonly #net: string;
  readonly #spaces: string[] = [];
  #cables = 0;
  /** This machine, as the hosts reach it. */
  readonly here: Place;

  private constructor(name: string, net: string) {
    this.#name = name;
    this.#net = net;
    this.here = { address: `${net}.1`, words: [] };
  }

  /** Makes a switch; tells why, and gives `null`, where this user may not. */
  static async start(name: string): Promise<Hosts | null> {
    const number = ++made;
    const own = `tandem-${Deno.pid}-${number}`;
    const hosts = new Hosts(own, await freeNet());
    try {
      await hosts.#makeSpace("switch");
      await ip("-n", `${own}-switch`, "link", "add", "switch", "up", "type", "bridge");
      const link = `td${Deno.pid}x${number}`;
      await hosts.#connect(["name", link]);
      await ip("address", "add", `${hosts.here.address}/24`, "dev", link);
      await ip("link", "set", link, "up");
      return hosts;
    } catch (error) {
      await hosts[Symbol.asyncDispose]();
      // deno-lint-ignore no-console -- a skipped test says why
      console.log(
        `skipped: "${name}" needs network namespaces, which only root may make, with Debian's iproute2: ${
          (error as Error).message
        }`,
      );
      return null;
    }
  }

  /** Adds a host. */
  async add(name: string): Promise<Host> {
    const space = await this.#makeSpace(name);
    const port = await this.#connect(["name", "eth0", "netns", space]);
    const address = `${this.#net}.${this.#cables}`;
    for (
      const words of [
        ["address", "add", `${address}/24`, "dev", "eth0"],
        ["link", "set", "eth0", "up"],
        ["link", "set", "lo", "up"],
      ]
    ) await ip("-n", space, ...words);
    const set = async (state: string) =>
      void await ip("-n", `${this.#name}-switch`, "link", "set", port, state);
    return {
      ...{ address, words: ["ip", "netns", "exec", space] },
      pull: () => set("down"),
      plug: () => set("up"),
    };
  }

  /** Removes all of them; programs on them are to have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    // The cables go with their ends.
    const ends = this.#spaces.map((space) => ip("netns", "delete", space));
    const failed = (await Promise.allSettled(ends)).find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async #makeSpace(name: string): Promise<string> {
    const space = `${this.#name}-${name}`;
    await ip("netns", "add", space);
    this.#spaces.push(space);
    return space;
  }

  /** Lays a cable from the switch to another end; gives its port. */
  async #connect(end: readonly string[]): Promise<string> {
    const port = `port${++this.#cables}`;
    const at = `${this.#name}-switch`;
    await ip("link", "add", port, "netns", at, "type", "veth", "peer", ...end);
    await ip("-n", at, "link", "set", port, "master", "switch", "up");
    return port;
  }
}

async function ip(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("ip", { args }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(`"ip ${args.join(" ")}" failed: ${new TextDecoder().decode(stderr).trim()}`);
}

/** The first three numbers of addresses that nobody has here. */
async function freeNet(): Promise<string> {
  const taken = await ip("-o", "-4", "address").catch(() => "");
  while (true) {
    const net = [
      RANGE[0],
      RANGE[1]! + Math.floor(2 * Math.random()),
      Math.floor(256 * Math.random()),
    ]
      .join(".");
    if (!taken.includes(` ${net}.`)) return net;
  }
}
