import { formatDuration } from "./format.ts";

/** What a run of `deno test` came to. */
export interface TestTotals {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that failed; at least 1 if the run did not reach its end. */
  readonly failed: number;
  /** Tests that were left out. */
  readonly ignored: number;
  /** Why, one line each, from lines that begin with `skipped:`. */
  readonly skips: readonly string[];
  /** What the run printed about its failures. */
  readonly failures: string;
}

const SUMMARY =
  /^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed(?: \(\d+ steps?\))?(?: \| (\d+) ignored)?/;

/** A module that is being tested. */
interface Running {
  readonly name: string;
  readonly isDocExample: boolean;
  readonly startedMs: number;
  passed: number;
  failed: number;
  ignored: number;
}

/**
 * Follows what `deno test` prints and makes one line of every test module.
 *
 * Doc examples, one module each, are counted together. What tests print is shown only for a test
 * that fails.
 */
export class TestLog {
  readonly #print: (line: string) => void;
  readonly #nowMs: () => number;
  #running: Running | undefined;
  #docExamples = 0;
  /** The test whose line was broken by the remark that it takes long. */
  #slow: string | undefined;
  #isInOutput = false;
  #isInFailures = false;
  #pending: string[] = [];
  readonly #skips = new Set<string>();
  readonly #failures: string[] = [];
  #totals: { passed: number; failed: number; ignored: number } | undefined;

  /**
   * @param print Receives lines for a person as the run goes on.
   * @param nowMs A clock in ms, from any origin.
   */
  constructor(print: (line: string) => void, nowMs: () => number) {
    this.#print = print;
    this.#nowMs = nowMs;
  }

  /** Takes the next line that `deno test` printed. */
  push(line: string): void {
    if (/^-{3,} .*output.* -{3,}$/.test(line)) {
      this.#isInOutput = !line.includes(" end ");
      return;
    }
    if (line.startsWith("skipped: ")) this.#skips.add(line.slice("skipped: ".length));
    if (this.#isInOutput) {
      this.#pending.push(`    ${line}`);
      return;
    }
    const summary = SUMMARY.exec(line);
    if (summary !== null) {
      this.#endModule();
      this.#isInFailures = false;
      this.#totals = {
        passed: Number(summary[1]),
        failed: Number(summary[2]),
        ignored: Number(summary[3] ?? 0),
      };
    } else if (/^ ?(ERRORS|FAILURES) ?$/.test(line)) {
      this.#endModule();
      this.#isInFailures = true;
    } else if (this.#isInFailures) {
      this.#failures.push(line);
    } else {
      this.#pushProgress(line);
    }
  }

  #pushProgress(line: string): void {
    const module = /^running \d+ tests? from (.+)$/.exec(line);
    if (module !== null) {
      this.#endModule();
      const name = module[1]!.replace(/^\.\//, "");
      const isDocExample = /#\d+-\d+\.\w+$/.test(name);
      const startedMs = this.#nowMs();
      this.#running = { name, isDocExample, startedMs, passed: 0, failed: 0, ignored: 0 };
      return;
    }
    const slow = /^(\S.*) \.\.\.'.*' has been running for over /.exec(line)?.[1];
    if (slow !== undefined) {
      this.#slow = slow;
      return;
    }
    const late = this.#slow === undefined ? null : /^ (ok|FAILED|ignored) \(/.exec(line);
    if (late !== null && this.#running !== undefined) {
      this.#count(late[1]!, `${this.#slow} ...${line}`);
      this.#slow = undefined;
      return;
    }
    const result = /^(?<isStep>\s*).* \.\.\. (?<state>ok|FAILED|ignored)\b/.exec(line)?.groups;
    if (result !== undefined && this.#running !== undefined) {
      if (result.isStep === "") this.#count(result.state!, line);
    } else if (this.#running === undefined && !/^(Check |Download |\s*$)/.test(line)) {
      this.#print(line);
    }
  }

  #count(state: string, line: string): void {
    const running = this.#running!;
    if (state === "ok") running.passed++;
    else if (state === "ignored") running.ignored++;
    else {
      running.failed++;
      for (const text of [...this.#pending, `  ${line}`]) this.#print(text);
    }
    this.#pending = [];
  }

  #endModule(): void {
    const module = this.#running;
    this.#running = undefined;
    if (module === undefined || module.passed + module.failed + module.ignored === 0) return;
    if (module.isDocExample && module.failed === 0) {
      this.#docExamples += module.passed;
      return;
    }
    const counts = [`${module.passed} passed`];
    if (module.failed > 0) counts.push(`${module.failed} FAILED`);
    if (module.ignored > 0) counts.push(`${module.ignored} ignored`);
    const duration = formatDuration(this.#nowMs() - module.startedMs);
    this.#print(`${module.name}  ${counts.join(", ")} (${duration})`);
  }

  /**
   * Ends the log.
   *
   * @param code The exit code of the run.
   * @returns The totals; a run that failed without naming a test counts as one failure.
   */
  end(code: number): TestTotals {
    this.#endModule();
    if (this.#docExamples > 0) this.#print(`doc examples  ${this.#docExamples} passed`);
    const { passed, failed, ignored } = this.#totals ?? { passed: 0, failed: 0, ignored: 0 };
    const isBroken = this.#totals === undefined || (code !== 0 && failed === 0);
    if (isBroken) this.#failures.push(...this.#pending, "The test run did not reach its end");
    return {
      passed,
      failed: isBroken ? failed + 1 : failed,
      ignored,
      skips: [...this.#skips],
      failures: this.#failures.join("\n").trim(),
    };
  }
}
