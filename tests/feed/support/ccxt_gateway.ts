import type { Exchange } from "../../../lib/exchange/mod.ts";

const GATEWAY = new URL("../../../lib/feed/ccxt/gateway/", import.meta.url).pathname;
const HARNESS = new URL("./ccxt_harness.ts", import.meta.url).pathname;

/** How a process is started that may load ccxt, as `launch.ts` starts the gateway. */
export const CCXT_FLAGS: readonly string[] = [
  ...["run", "--quiet", "--no-prompt", "--frozen", `--config=${GATEWAY}ccxt.json`],
  ...["--allow-env=WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE", "--allow-net=127.0.0.1"],
];

/** Why ccxt cannot be had here, or `null` where it can: it is fetched by the first who asks. */
export async function whyNoCcxt(): Promise<string | null> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...CCXT_FLAGS, `${GATEWAY}hosts.ts`, "bybit"],
    stdout: "null",
  }).output();
  if (success) return null;
  const text = new TextDecoder().decode(stderr);
  // Anything else than that it cannot be fetched is a fault.
  if (/fetch|download|registry|dns|network|connect/i.test(text)) return text.split("\n")[0]!;
  throw new Error(text);
}

/** A running gateway to ccxt, whose venues are those of a simulated exchange. */
export class CcxtGateway implements AsyncDisposable {
  readonly url: string;
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  static async start(): Promise<CcxtGateway> {
    const process = new Deno.Command(Deno.execPath(), {
      args: [...CCXT_FLAGS, HARNESS],
      stdout: "piped",
    }).spawn();
    const reader = process.stdout.getReader();
    const { value } = await reader.read();
    reader.releaseLock();
    await process.stdout.cancel();
    const port = new TextDecoder().decode(value).trim();
    return new CcxtGateway(process, `http://127.0.0.1:${port}`);
  }

  /** Has the venues reached at an exchange, with nothing known from before. */
  async reach(exchange: Exchange, venues: readonly string[]): Promise<void> {
    const response = await fetch(`${this.url}/venues`, {
      method: "POST",
      body: JSON.stringify({ venues, url: exchange.restUrl }),
    });
    await response.body?.cancel();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await this.#process.status;
  }
}
