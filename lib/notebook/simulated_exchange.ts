/**
 * A simulated exchange in a process of its own: `simulated_exchange.ts DATABASE`.
 *
 * It lives as long as an ingest writes the database, so that both outlive the kernel that started
 * them and neither outlives the other.
 *
 * @module
 */
import { startExchange } from "../exchange/mod.ts";
import { isLeased } from "../store/mod.ts";
import { sleep } from "../streams/mod.ts";

/** How long an ingest may take to begin, in ms. */
const BEGIN_MS = 60_000;

/** How often it looks whether the ingest is there, in ms. */
const LOOK_MS = 2_000;

const [database = ""] = Deno.args;
const addresses = `${database}.exchange.json`;

await using exchange = await startExchange({ source: { seed: 1, ratePerSecond: 200 } });
const { wsUrl, restUrl } = exchange;
Deno.writeTextFileSync(`${addresses}.new`, JSON.stringify({ wsUrl, restUrl }));
Deno.renameSync(`${addresses}.new`, addresses);

const deadline = performance.now() + BEGIN_MS;
while (!isLeased(database) && performance.now() < deadline) await sleep(LOOK_MS);
while (isLeased(database)) await sleep(LOOK_MS);
Deno.removeSync(addresses);
