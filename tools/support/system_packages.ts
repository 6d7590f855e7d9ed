import { run } from "./process.ts";

/** A program of the system, or a package of its Python, that some tests use. */
export interface SystemProgram {
  /** Its names, any of which will do: of programs on the path, or files with a full path. */
  readonly names: readonly string[];
  /** The Debian package that brings it. */
  readonly debianPackage: string;
  /** The tests that use it. */
  readonly usedBy: string;
}

/** What the tests use beyond Deno. */
export const SYSTEM_PROGRAMS: readonly SystemProgram[] = [
  {
    names: ["chromium", "chromium-browser", "google-chrome"],
    debianPackage: "chromium",
    usedBy: "browser tests",
  },
  {
    names: ["jupyter-notebook"],
    debianPackage: "jupyter-notebook",
    usedBy: "tests in a real Jupyter",
  },
  {
    names: ["/usr/lib/python3/dist-packages/statsmodels"],
    debianPackage: "python3-statsmodels",
    usedBy: "tests beside statsmodels",
  },
  {
    names: ["nats-server", "/usr/sbin/nats-server"],
    debianPackage: "nats-server",
    usedBy: "tests of the bus on a NATS server",
  },
  {
    names: ["/usr/lib/postgresql"],
    debianPackage: "postgresql",
    usedBy: "tests of the store in PostgreSQL",
  },
  {
    names: ["ip", "/usr/sbin/ip", "/sbin/ip"],
    debianPackage: "iproute2",
    usedBy: "tests of hosts that vanish",
  },
  { names: ["openssl"], debianPackage: "openssl", usedBy: "tests of TLS through a proxy" },
];

/** How long another installation on this machine is waited for, seconds. */
const LOCK_SECONDS = 300;

async function isOnPath(name: string): Promise<boolean> {
  if (name.startsWith("/")) return await Deno.stat(name).then(() => true, () => false);
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const info = await Deno.stat(`${folder}/${name}`).catch(() => null);
    if (info?.isFile) return true;
  }
  return false;
}

async function isThere({ names }: SystemProgram): Promise<boolean> {
  const found = await Promise.all(names.map(isOnPath));
  return found.includes(true);
}

/** The words before `apt-get` that make it work without asking, or `null`. */
async function installer(): Promise<string[] | null> {
  if (!await isOnPath("apt-get")) return null;
  if (Deno.uid() === 0) return [];
  const sudo = await run("sudo", ["-n", "true"]);
  return sudo.code === 0 ? ["sudo", "-n"] : null;
}

/**
 * Installs the missing programs where that needs no question: on Debian and its relatives, as
 * root or with a `sudo` that asks no password. Elsewhere it says what will be skipped.
 *
 * @param programs What is wanted.
 * @param print Receives what was done or not, one line each.
 */
export async function installMissing(
  programs: readonly SystemProgram[],
  print: (line: string) => void,
): Promise<void> {
  const present = await Promise.all(programs.map(isThere));
  const missing = programs.filter((_, i) => !present[i]);
  if (missing.length === 0) return;
  const prefix = await installer();
  if (prefix === null) {
    for (const { names, debianPackage, usedBy } of missing) {
      print(
        `No ${
          names[0]!.split("/").at(-1)
        } here: ${usedBy} are skipped (Debian package ${debianPackage})`,
      );
    }
    return;
  }
  const apt = (...args: string[]) => {
    const words = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    return run(words[0]!, words.slice(1));
  };
  // What Debian recommends beside them would take as much room again.
  const install = (names: readonly string[]) =>
    apt(
      ...["install", "--quiet", "--yes", "--no-install-recommends"],
      ...["-o", `DPkg::Lock::Timeout=${LOCK_SECONDS}`, ...names],
    );
  const names = missing.map(({ debianPackage }) => debianPackage);
  print(`Installing ${names.join(", ")} for the tests (apt-get); this takes some minutes`);
  await apt("update", "--quiet");
  const together = await install(names);
  for (const program of missing) {
    const { debianPackage, usedBy } = program;
    // One that there is not must not keep the others from being installed.
    const { code, output } = together.code === 0 ? together : await install([debianPackage]);
    if (await isThere(program)) print(`Installed ${debianPackage}`);
    else print(`Cannot install ${debianPackage}: ${usedBy} are skipped`);
    if (code !== 0) print(output.split("\n").slice(-5).join("\n"));
  }
}
