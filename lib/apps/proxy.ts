import type { Option } from "commander";
import { baseUrl, option } from "./options.ts";

/** What the runtime takes proxies from, both for requests and for sockets. */
const VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] as const;
/** An ingest, its control endpoint and a simulated exchange on this machine are reached directly. */
const DIRECT = ["127.0.0.1", "localhost", "::1"] as const;

/** `--proxy`, for the programs that reach other hosts. */
export function proxyOption(): Option {
  return option(
    "--proxy <url>",
    "HTTP proxy for requests and sockets, http://[user:pass@]host:port",
  )
    .argParser(baseUrl("http", "https"));
}

/** Where environment variables are. */
export interface Environment {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/**
 * Has this process, and those it starts, go through a proxy: the one given, else the one of
 * `HTTPS_PROXY` and its like. Never for this machine, which no proxy reaches.
 */
export function useProxy(given: string | null, env: Environment): void {
  if (given !== null) {
    for (const name of ["HTTPS_PROXY", "HTTP_PROXY"]) setBoth(env, name, given);
  }
  if (proxyOf(env) === null) return;
  const already = (getEither(env, "NO_PROXY") ?? "").split(",").filter((host) => host !== "");
  setBoth(env, "NO_PROXY", [...new Set([...already, ...DIRECT])].join(","));
}

/** The proxy that is in use, without its password, or `null`. */
export function proxyOf(env: Pick<Environment, "get">): string | null {
  for (const name of VARIABLES) {
    const value = getEither(env, name);
    if (value === undefined || value === "") continue;
    if (!URL.canParse(value)) return value;
    const url = new URL(value);
    if (url.password !== "") url.password = "***";
    return url.href.replace(/\/$/, "");
  }
  return null;
}

function getEither(env: Pick<Environment, "get">, name: string): string | undefined {
  return env.get(name) ?? env.get(name.toLowerCase());
}

/** Which of the two spellings wins is not the same everywhere. */
function setBoth(env: Environment, name: string, value: string): void {
  env.set(name, value);
  env.set(name.toLowerCase(), value);
}
