import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";

const MODULE = new URL("../../lib/apps/notebook/kernelspec.ts", import.meta.url).href;

/** Installs the kernel for a made-up user with some Deno, and returns what is installed then. */
async function install(program: string, home: string): Promise<{ path: string; program: string }> {
  const { stdout, stderr, success } = await new Deno.Command(program, {
    args: [
      "eval",
      `import { installKernelspec } from "${MODULE}"; console.log(JSON.stringify(installKernelspec()));`,
    ],
    clearEnv: true,
    env: { HOME: home, NO_COLOR: "1", PATH: Deno.env.get("PATH") ?? "" },
  }).output();
  ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function withHome(body: (home: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    await body(home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

async function copyTo(path: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.link(Deno.execPath(), path).catch(() => Deno.copyFile(Deno.execPath(), path));
}

Deno.test("installKernelspec() names this Deno where it stays in place", async () => {
  await withHome(async (home) => {
    const program = `${home}/bin/deno`;
    await copyTo(program);
    const spec = await install(program, home);
    strictEqual(spec.path, `${home}/.local/share/jupyter/kernels/deno/kernel.json`);
    strictEqual(spec.program, program);
    const { argv } = JSON.parse(await Deno.readTextFile(spec.path));
    deepStrictEqual(argv, [program, "jupyter", "--kernel", "--conn", "{connection_file}"]);
  });
});

Deno.test("installKernelspec() names no path that npx may remove", async () => {
  await withHome(async (home) => {
    const cached = `${home}/.npm/_npx/0123/node_modules/@deno/linux/deno`;
    await copyTo(cached);
    const { program } = await install(cached, home);
    match(program, new RegExp(`^${home}/\\.local/share/tandem/deno-\\d+\\.\\d+\\.\\d+/deno$`));
    await Deno.remove(`${home}/.npm`, { recursive: true });
    const { success } = await new Deno.Command(program, { args: ["--version"] }).output();
    ok(success);
  });
});

Deno.test("installKernelspec() leaves a good kernel alone and replaces one whose Deno is gone", async () => {
  await withHome(async (home) => {
    const [mine, other] = [`${home}/mine/deno`, `${home}/other/deno`];
    await copyTo(mine);
    await copyTo(other);
    strictEqual((await install(mine, home)).program, mine);
    strictEqual((await install(other, home)).program, mine);
    await Deno.remove(mine);
    strictEqual((await install(other, home)).program, other);
  });
});

Deno.test("doctor tells of a kernel that npx may remove, and of one whose Deno is gone", async () => {
  await withHome(async (home) => {
    const spec = `${home}/.local/share/jupyter/kernels/deno/kernel.json`;
    const doctor = new URL("../../lib/apps/doctor/examine_jupyter.ts", import.meta.url).href;
    const code =
      `import { examineJupyter } from "${doctor}"; console.log(JSON.stringify(examineJupyter()[1]));`;
    const examine = async (program: string) => {
      await Deno.writeTextFile(spec, JSON.stringify({ argv: [program] }));
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["eval", code],
        clearEnv: true,
        env: { HOME: home, NO_COLOR: "1", PATH: Deno.env.get("PATH") ?? "" },
      }).output();
      return JSON.parse(new TextDecoder().decode(stdout));
    };
    await Deno.mkdir(spec.slice(0, spec.lastIndexOf("/")), { recursive: true });
    const cached = `${home}/.npm/_npx/0123/deno`;
    await copyTo(cached);
    const passing = await examine(cached);
    deepStrictEqual([passing.state, /npx may remove/.test(passing.finding)], ["note", true]);
    const gone = await examine(`${home}/gone`);
    deepStrictEqual([gone.state, /which is gone/.test(gone.finding)], ["fail", true]);
    const good = `${home}/bin/deno`;
    await copyTo(good);
    strictEqual((await examine(good)).state, "ok");
  });
});
