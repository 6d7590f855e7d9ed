// deno-lint-ignore-file no-console -- it talks to its parent on standard output
/**
 * A hub in a process of its own, so that its share of a core can be measured: prints its address,
 * then for every line it reads the CPU time it has used so far, in ms.
 *
 *     deno run -A tools/page/hub_process.ts DATABASE
 *
 * @module
 */
import process from "node:process";
import { startHub } from "../../lib/live/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { TextLineStream } from "../support/lines.ts";

const [path] = Deno.args;
await using hub = await startHub({ open: () => openReader(path!) });
console.log(hub.url);
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  .pipeThrough(new TextLineStream());
for await (const _ of lines) {
  const { user, system } = process.cpuUsage();
  console.log((user + system) / 1_000);
}
