import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { TestLog, type TestTotals } from "../../tools/support/test_log.ts";

function follow(text: string, code: number): { printed: string[]; totals: TestTotals } {
  const printed: string[] = [];
  const log = new TestLog((line) => printed.push(line), () => 0);
  for (const line of text.split("\n")) log.push(line);
  const totals = log.end(code);
  return { printed, totals };
}

Deno.test("TestLog makes one line of every module and counts doc examples together", () => {
  const { printed, totals } = follow(
    `Check tests/a_test.ts
running 2 tests from ./tests/a_test.ts
one ... ok (1ms)
two ... ignored (0ms)
running 1 test from ./lib/a.ts#3-9.ts
file:///r/lib/a.ts#3-9.ts ... ok (1ms)
running 1 test from ./README.md#3-9.ts
file:///r/README.md#3-9.ts ... ok (1ms)

ok | 3 passed | 0 failed | 1 ignored (12ms)
`,
    0,
  );
  deepStrictEqual(printed, [
    "tests/a_test.ts  1 passed, 1 ignored (0.0 s)",
    "doc examples  2 passed",
  ]);
  deepStrictEqual(totals, { passed: 3, failed: 0, ignored: 1, skips: [], failures: "" });
});

Deno.test("TestLog shows what a failing test printed, and the errors at the end", () => {
  const { printed, totals } = follow(
    `running 2 tests from ./tests/a_test.ts
good ...
------- output -------
quiet
----- output end -----
good ... ok (1ms)
bad ...
------- output -------
ok | 9 passed | 0 failed (1ms)
----- output end -----
  step ... FAILED (0ms)
bad ... FAILED (due to 1 failed step) (1ms)

 ERRORS 

bad ... step => ./a_test.ts:3:39
error: Error: x

 FAILURES 

bad ... step => ./a_test.ts:3:39

FAILED | 1 passed | 1 failed (1 step) (8ms)

error: Test failed`,
    1,
  );
  deepStrictEqual(printed, [
    "    ok | 9 passed | 0 failed (1ms)",
    "  bad ... FAILED (due to 1 failed step) (1ms)",
    "tests/a_test.ts  1 passed, 1 FAILED (0.0 s)",
    "error: Test failed",
  ]);
  strictEqual(totals.failed, 1);
  deepStrictEqual(totals.failures.split("\n")[1], "error: Error: x");
});

Deno.test("TestLog collects why tests were skipped, each reason once", () => {
  const { totals } = follow(
    `------- pre-test output -------
skipped: no browser
skipped: no browser
----- pre-test output end -----
running 0 tests from ./tests/a_test.ts

ok | 0 passed | 0 failed (1ms)`,
    0,
  );
  deepStrictEqual(totals.skips, ["no browser"]);
});

Deno.test("TestLog counts a run that broke off as a failure", () => {
  const { printed, totals } = follow("error: TS2322 [ERROR]: Type 'string' is wrong", 1);
  deepStrictEqual(printed, ["error: TS2322 [ERROR]: Type 'string' is wrong"]);
  deepStrictEqual([totals.passed, totals.failed], [0, 1]);
  strictEqual(follow("ok | 5 passed | 0 failed (1ms)", 1).totals.failed, 1);
});

Deno.test("TestLog counts tests whose line is broken by the remark that they take long", () => {
  const { printed, totals } = follow(
    `running 3 tests from ./tests/slow_test.ts
slow one ...'slow one' has been running for over (1m0s)
 ok (1m2s)
slow two ...
------- output -------
said
'slow two' has been running for over (1m0s)
----- output end -----
slow two ... ok (1m2s)
slow three ...'slow three' has been running for over (1m0s)
'slow three' has been running for over (2m0s)
 FAILED (2m9s)

FAILED | 2 passed | 1 failed (4m12s)
`,
    1,
  );
  deepStrictEqual(printed, [
    "  slow three ... FAILED (2m9s)",
    "tests/slow_test.ts  2 passed, 1 FAILED (0.0 s)",
  ]);
  strictEqual(totals.failed, 1);
});
