import type { DoctorOptions } from "../doctor.ts";
import type { Context } from "../program.ts";
import { proxyOf } from "../proxy.ts";
import type { Examination } from "./examination.ts";
import { examineCcxt } from "./examine_ccxt.ts";
import { examineArchive, examineClock, examineWeight } from "./examine_exchange.ts";
import { examineJupyter } from "./examine_jupyter.ts";
import { examineRoute } from "./examine_route.ts";
import {
  examineDatabase,
  examineDisk,
  examineLease,
  examineVenues,
  liveVenues,
} from "./examine_store.ts";

/** Runs every check; one that fails does not keep the others from running. */
export async function examine(
  { database, wsUrl, restUrl, archiveUrl, ccxtUrl }: DoctorOptions,
  { signal, report }: Context,
): Promise<Examination[]> {
  report.progress("Looking at this machine, and waiting for data of the exchange");
  return await Promise.all([
    examineRuntime(),
    ...examineProxy(),
    examineDisk(database),
    examineDatabase(database),
    examineLease(database),
    ...examineVenues(database),
    ...examineCcxt(liveVenues(database), ccxtUrl, signal),
    examineClock(restUrl, signal),
    examineWeight(restUrl, signal),
    examineRoute("aggTrade", wsUrl, signal),
    examineRoute("trade", wsUrl, signal),
    examineArchive(archiveUrl, signal),
    ...examineJupyter(),
  ]);
}

function examineRuntime(): Examination {
  const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);
  const isNew = major > 2 || major === 2 && minor >= 9;
  return {
    subject: "runtime",
    state: isNew ? "ok" : "fail",
    finding: `Deno ${Deno.version.deno} on ${Deno.build.os}` +
      (isNew ? "" : ": version 2.9 or later is needed, start with npx -y deno@2.9.6"),
  };
}

/** Requests and sockets that go another way than one thinks are worth a line. */
function examineProxy(): Examination[] {
  const proxy = proxyOf(Deno.env);
  if (proxy === null) return [];
  const finding = `requests and sockets go through ${proxy}, but for this machine's own`;
  return [{ subject: "proxy", state: "note", finding }];
}
