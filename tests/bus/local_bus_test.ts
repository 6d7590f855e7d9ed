import { localBus } from "../../lib/bus/mod.ts";
import { busSuite } from "./bus_suite.ts";

Deno.test("localBus() keeps the promises of a bus", async (t) => {
  await busSuite((options) => Promise.resolve(localBus(options)), t);
});
