/**
 * A simulated exchange in a process of its own: `simulated_exchange.ts DATABASE SEED RATE FAULTS`.
 *
 * It lives as long as an ingest writes the database, so that both outlive the kernel that started
 * them and neither outlives the other.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { randomFaults, startExchange } from "../exchange/mod.ts";
import { isLeased } from "../store/mod.ts";
import { sleep } from "../streams/mod.ts";

/** How long an ingest may take to begin, in ms. */
const BEGIN_MS = 30_000;

/** How often it looks whether the ingest has begun, and whether it is still there, in ms. */
const LOOK_BEFORE_MS = 100;
const LOOK_MS = 2_000;

const [database = "", seed = "", rate = "", plan = ""] = Deno.args;
const addresses = `${database}.exchange.json`;

const faults = plan === "" ? {} : randomFaults({ seed, plan });
const source = { seed, ratePerSecond: Number(rate) };
await using exchange = await startExchange({ source, faults });
const { wsUrl, restUrl } = exchange;
const own = JSON.stringify({ wsUrl, restUrl });
Deno.writeTextFileSync(`${addresses}.new`, own);
Deno.renameSync(`${addresses}.new`, addresses);

/** Whether no other exchange has taken the place of this one. */
function isInPlace(): boolean {
  try {
    return Deno.readTextFileSync(addresses) === own;
  } catch {
    return false;
  }
}

// The lease is there before the file is. Looking at the lease meanwhile could get in its way.
const deadline = performance.now() + BEGIN_MS;
while (!existsSync(database) && performance.now() < deadline) await sleep(LOOK_BEFORE_MS);
while (isInPlace() && isLeased(database)) await sleep(LOOK_MS);
if (isInPlace()) await Deno.remove(addresses);
