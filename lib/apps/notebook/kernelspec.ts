import { basename, dirname } from "node:path";
import { ProgramError } from "../program.ts";

/** How Jupyter starts the Deno kernel. */
export interface Kernelspec {
  /** The file that says so. */
  readonly path: string;
  /** The Deno it starts. */
  readonly program: string;
  /** Whether that program is there. */
  readonly exists: boolean;
  /** Whether it lies where npx keeps what it may remove at any time. */
  readonly passing: boolean;
}

/** The kernel shows nothing of background errors before this version, and less works. */
const LEAST_VERSION = [2, 9] as const;

function environment(name: string): string | undefined {
  return Deno.env.get(name) || undefined;
}

function home(): string {
  return environment("HOME") ?? environment("USERPROFILE") ?? ".";
}

/** Where programs of this user keep their data. */
function userData(): string {
  switch (Deno.build.os) {
    case "windows":
      return environment("APPDATA") ?? `${home()}/AppData/Roaming`;
    case "darwin":
      return `${home()}/Library`;
    default:
      return environment("XDG_DATA_HOME") ?? `${home()}/.local/share`;
  }
}

function jupyterData(): string {
  const folder = Deno.build.os === "darwin" ? "Jupyter" : "jupyter";
  return environment("JUPYTER_DATA_DIR") ?? `${userData()}/${folder}`;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Returns how Jupyter starts the Deno kernel, or `null` if it is not installed. */
export function readKernelspec(): Kernelspec | null {
  const path = `${jupyterData()}/kernels/deno/kernel.json`;
  try {
    const program = String(JSON.parse(Deno.readTextFileSync(path)).argv[0]);
    return { path, program, exists: isFile(program), passing: isPassing(program) };
  } catch {
    return null;
  }
}

/** Whether a path lies where npx keeps what it may remove at any time. */
function isPassing(program: string): boolean {
  return /[/\\]_npx[/\\]/.test(program);
}

/**
 * A path of this Deno that will still be there next year. What npx fetched is linked into the
 * user's data, or copied where links do not reach.
 */
function stableProgram(): string {
  const program = Deno.execPath();
  if (!isPassing(program)) return program;
  const stable = `${userData()}/tandem/deno-${Deno.version.deno}/${basename(program)}`;
  if (isFile(stable)) return stable;
  Deno.mkdirSync(dirname(stable), { recursive: true });
  try {
    Deno.linkSync(program, stable);
  } catch {
    const copy = `${stable}.${Deno.pid}`;
    Deno.copyFileSync(program, copy);
    Deno.renameSync(copy, stable);
  }
  return stable;
}

/** Whether an installed kernel can stay as it is. */
function isGood({ program, exists, passing }: Kernelspec): boolean {
  if (!exists || passing) return false;
  const { stdout } = new Deno.Command(program, { args: ["--version"] }).outputSync();
  const version = /^deno (\d+)\.(\d+)\./.exec(new TextDecoder().decode(stdout));
  if (version === null) return false;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major > LEAST_VERSION[0] || major === LEAST_VERSION[0] && minor >= LEAST_VERSION[1];
}

/**
 * Makes sure that Jupyter knows a Deno kernel which is new enough and stays where it is. One that
 * is good already is left alone.
 *
 * @throws {ProgramError} If it cannot be installed.
 */
export function installKernelspec(): Kernelspec {
  const present = readKernelspec();
  if (present !== null && isGood(present)) return present;
  // Deno writes its own path into the file, so the stable one has to do it.
  const { success, stderr } = new Deno.Command(stableProgram(), {
    args: ["jupyter", "--install", "--force"],
    env: { NO_COLOR: "1", JUPYTER_DATA_DIR: jupyterData() },
  }).outputSync();
  const installed = readKernelspec();
  if (!success || installed === null || !installed.exists) {
    throw new ProgramError(
      `Cannot install the Deno kernel in ${jupyterData()}: ${
        new TextDecoder().decode(stderr).trim().split("\n").at(-1)
      }`,
    );
  }
  return installed;
}
