import { setTimeout as wait } from "node:timers/promises";

const PROJECT = decodeURIComponent(new URL("../../..", import.meta.url).pathname);
const PROGRAM = "/usr/bin/jupyter-notebook";

/** Why there is no Jupyter to test in, or `null`. */
export const jupyterIsMissing: string | null = (() => {
  try {
    return Deno.statSync(PROGRAM).isFile ? null : `${PROGRAM} is no file`;
  } catch {
    return `there is no ${PROGRAM} (Debian package jupyter-notebook)`;
  }
})();

/** A real Jupyter Notebook with its own settings, in a folder of its own inside the project. */
export class Jupyter implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  /** Its address, with the token. */
  readonly url: string;
  readonly #token: string;
  /** The folder that holds its notebooks. */
  readonly folder: string;
  /** The database its kernels use. */
  readonly database: string;

  private constructor(process: Deno.ChildProcess, url: string, token: string, folder: string) {
    this.#process = process;
    this.url = url;
    this.#token = token;
    this.folder = folder;
    this.database = `${folder}/tandem.db`;
  }

  /** Starts it, with some environment variables for its kernels, and waits until it answers. */
  static async start(more: Readonly<Record<string, string>> = {}): Promise<Jupyter> {
    await Deno.mkdir(`${PROJECT}data`, { recursive: true });
    const folder = await Deno.makeTempDir({ dir: `${PROJECT}data`, prefix: "jupyter-" });
    const env = {
      JUPYTER_DATA_DIR: `${folder}/.jupyter/data`,
      JUPYTER_CONFIG_DIR: `${folder}/.jupyter/config`,
      JUPYTER_RUNTIME_DIR: `${folder}/.jupyter/runtime`,
      TANDEM_DB: `${folder}/tandem.db`,
      NO_COLOR: "1",
      ...more,
    };
    await new Deno.Command(Deno.execPath(), { args: ["jupyter", "--install", "--force"], env })
      .output();
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const token = crypto.randomUUID();
    const process = new Deno.Command(PROGRAM, {
      args: [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        `--port=${port}`,
        "--port-retries=0",
        `--NotebookApp.token=${token}`,
        `--notebook-dir=${folder}`,
      ],
      env,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const jupyter = new Jupyter(process, `http://127.0.0.1:${port}`, token, folder);
    try {
      const deadline = performance.now() + 60_000;
      while (!await jupyter.#answers()) {
        if (performance.now() > deadline) throw new Error("Jupyter did not start within a minute");
        await wait(100);
      }
    } catch (error) {
      await jupyter[Symbol.asyncDispose]();
      throw error;
    }
    return jupyter;
  }

  /** The address of a notebook of its folder. */
  notebookUrl(name: string): string {
    return `${this.url}/notebooks/${name}?token=${this.#token}`;
  }

  /** Ends every kernel, as the menu does. */
  async shutDownKernels(): Promise<void> {
    await this.#tellKernels("DELETE", "");
  }

  /** Presses the stop button of every kernel. */
  async interruptKernels(): Promise<void> {
    await this.#tellKernels("POST", "/interrupt");
  }

  /** Restarts every kernel, as the menu does. */
  async restartKernels(): Promise<void> {
    await this.#tellKernels("POST", "/restart");
  }

  /** Kills it and a kernel on the spot, as a crash of their machine would. */
  async kill(kernelPid: number): Promise<void> {
    Deno.kill(kernelPid, "SIGKILL");
    this.#process.kill("SIGKILL");
    await this.#process.status;
  }

  /** Ends it, its kernels, and what they left running. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutDownKernels().catch(() => {});
    await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", `${PROJECT}lib/apps/launch.ts`, "stop", "--db", this.database],
      stdout: "null",
      stderr: "null",
    }).output();
    try {
      this.#process.kill("SIGTERM");
    } catch {
      // It was killed.
    }
    await this.#process.status;
    await Deno.remove(this.folder, { recursive: true });
  }

  async #tellKernels(method: string, path: string): Promise<void> {
    const headers = { authorization: `token ${this.#token}` };
    const kernels = await (await fetch(`${this.url}/api/kernels`, { headers })).json();
    for (const { id } of kernels) {
      const response = await fetch(`${this.url}/api/kernels/${id}${path}`, { method, headers });
      await response.body?.cancel();
    }
  }

  async #answers(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/api?token=${this.#token}`);
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}
