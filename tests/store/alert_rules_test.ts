import { deepStrictEqual, throws } from "node:assert/strict";
import { StoreError } from "../../lib/store/mod.ts";
import { openStore } from "./support/days.ts";
import { storeTest } from "./support/stores.ts";

storeTest(
  "AlertWriter.changeRules() removes and adds rules together, or does neither",
  (path) => {
    using writer = openStore(path);
    const { alerts } = writer;
    const ids = () => alerts.rules().map(({ ruleId }) => ruleId);
    deepStrictEqual(alerts.changeRules(new Map([["a", "{}"], ["b", "{}"]]), ["none"]), []);
    // The store refuses a rule without a text: the removal before it must not stay.
    const wrong = new Map([["c", "{}"], ["d", null as unknown as string]]);
    throws(() => alerts.changeRules(wrong, ["a"]), StoreError);
    deepStrictEqual(ids(), ["a", "b"]);
    deepStrictEqual(alerts.changeRules(new Map([["c", "{}"]]), ["a"]), ["a"]);
    deepStrictEqual(ids(), ["b", "c"]);
  },
);
