/**
 * Prints which hosts venues are reached at, as JSON: `hosts.ts kraken coinbase`. What is not a venue
 * with live trades is told as `{"unknown": NAME, "known": [...]}`.
 *
 * @module
 */
import { loadLibrary } from "./library.ts";
import { hostsOf } from "./venue_urls.ts";

const { pro, version } = await loadLibrary();
const hasTrades = (name: string) => new pro[name]!({}).has.watchTrades === true;
const unknown = Deno.args.find((name) => !Object.hasOwn(pro, name) || !hasTrades(name));
const answer = unknown === undefined
  ? { version, hosts: [...new Set(Deno.args.flatMap((name) => hostsOf(new pro[name]!({}))))] }
  : { unknown, known: Object.keys(pro).filter(hasTrades) };
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(answer)));
