import { match, ok, strictEqual } from "node:assert/strict";
import { runDeno } from "../../tools/support/process.ts";
import { installMissing } from "../../tools/support/system_packages.ts";

const TOOL = decodeURIComponent(new URL("../../tools/test.ts", import.meta.url).pathname);

async function testing(source: string): Promise<{ code: number; last: string; output: string }> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a_test.ts`, source);
    const { code, output } = await runDeno(["run", "-A", TOOL, "--no-install", folder]);
    return { code, output, last: output.split("\n").at(-1)! };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("deno task test ends with the counts", async () => {
  const { code, last } = await testing(`Deno.test("a", () => {}); Deno.test("b", () => {});`);
  strictEqual(last, "2 passed, 0 failed");
  strictEqual(code, 0);
});

Deno.test("deno task test fails with a failing test and shows its error", async () => {
  const { code, last, output } = await testing(
    `Deno.test("a", () => {}); Deno.test("b", () => { throw new Error("on purpose"); });`,
  );
  strictEqual(last, "1 passed, 1 failed");
  strictEqual(code, 1);
  match(output, /on purpose/);
});

Deno.test("deno task test fails when no test ran", async () => {
  const { code, last, output } = await testing("export {};");
  strictEqual(last, "0 passed, 1 failed");
  strictEqual(code, 1);
  match(output, /No test ran/);
});

Deno.test("deno task test fails when a test does not compile", async () => {
  const { code, last, output } = await testing(
    `const a: number = "one"; Deno.test("a", () => {});`,
  );
  strictEqual(last, "0 passed, 1 failed");
  strictEqual(code, 1);
  match(output, /TS2322/);
});

Deno.test("deno task test finds a leaked timer", async () => {
  const { code, output } = await testing(
    `Deno.test("leaks", () => { setTimeout(() => {}, 60_000); });`,
  );
  strictEqual(code, 1);
  match(output, /timer was started/);
});

Deno.test("installMissing() does nothing for what is there", async () => {
  const lines: string[] = [];
  const present = {
    names: ["no-such-program", "sh"],
    debianPackage: "dash",
    usedBy: "shell tests",
  };
  await installMissing([present], (line) => lines.push(line));
  ok(lines.length === 0);
});

Deno.test("installMissing() installs what can be had when one of several cannot", async () => {
  const folder = await Deno.makeTempDir();
  const path = Deno.env.get("PATH")!;
  try {
    // An apt-get that refuses all when one package is unknown, as the real one does.
    await Deno.writeTextFile(
      `${folder}/apt-get`,
      `#!/bin/sh
echo "$@" >> ${folder}/log
case "$*" in *unknown*) echo "E: Unable to locate package unknown"; exit 100;; esac
case "$*" in *install*known) touch ${folder}/known-program; chmod +x ${folder}/known-program;; esac
`,
      { mode: 0o755 },
    );
    // Whoever is not root needs a sudo that asks nothing.
    await Deno.writeTextFile(`${folder}/sudo`, '#!/bin/sh\nshift\nexec "$@"\n', { mode: 0o755 });
    Deno.env.set("PATH", `${folder}:${path}`);
    const lines: string[] = [];
    await installMissing([
      { names: ["unknown-program"], debianPackage: "unknown", usedBy: "these tests" },
      { names: ["known-program"], debianPackage: "known", usedBy: "those tests" },
    ], (line) => lines.push(line));
    ok(lines.includes("Cannot install unknown: these tests are skipped"), lines.join("\n"));
    ok(lines.includes("Installed known"), lines.join("\n"));
    match(await Deno.readTextFile(`${folder}/log`), /^update .*\ninstall .* unknown known\n/);
  } finally {
    Deno.env.set("PATH", path);
    await Deno.remove(folder, { recursive: true });
  }
});
