/**
 * Prints which hosts venues are reached at, as JSON: `hosts.ts kraken coinbase`. What is no venue with
 * live trades is told as `{"unknown": NAME, "known": [...]}`.
 *
 * @module
 */
import { loadLibrary } from "./library.ts";
import { hostsOf } from "./venue_urls.ts";

const { pro } = await loadLibrary();
const known = Object.keys(pro).filter((name) =>
  typeof pro[name] === "function" && new pro[name]({}).has?.watchTrades === true
);
const unknown = Deno.args.find((name) => !known.includes(name));
const answer = unknown === undefined
  ? { hosts: [...new Set(Deno.args.flatMap((name) => hostsOf(new pro[name]!({}))))] }
  : { unknown, known };
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(answer)));
