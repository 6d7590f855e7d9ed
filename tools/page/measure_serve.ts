import { TextLineStream } from "../support/lines.ts";
import { root } from "../support/process.ts";
import { SyntheticMarket } from "./synthetic_market.ts";

const TABS = 20;
const SECONDS = 30;
const PAIRS = [["AAUSDT", "BBUSDT"], ["CCUSDT", "DDUSDT"], ["EEUSDT", "FFUSDT"]] as const;

/** What serving many tabs costs. */
export interface ServeCost {
  /** Open sockets. */
  readonly tabs: number;
  /** Share of one core the hub used. */
  readonly coreShare: number;
  /** Bytes of all messages of one update of one chart. */
  readonly bytesPerUpdate: number;
}

/** Measures a hub with 20 tabs over 3 pairs that get a bar per second (P13). */
export async function measureServe(): Promise<ServeCost> {
  using market = new SyntheticMarket(PAIRS.flat());
  market.add(4_000);
  const hub = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "tools/page/hub_process.ts", market.path],
    ...{ cwd: root, stdin: "piped", stdout: "piped", stderr: "inherit" },
  }).spawn();
  const lines = hub.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  const stdin = hub.stdin.getWriter();
  const cpuMs = async () => {
    await stdin.write(new TextEncoder().encode("\n"));
    return Number((await lines.read()).value);
  };
  const url = (await lines.read()).value!.replace("http", "ws") + "ws";
  let bytes = 0;
  let updates = 0;
  const sockets = Array.from({ length: TABS }, (_, tab) => {
    const [y, x] = PAIRS[tab % PAIRS.length]!;
    const pair = { kind: "pair", y, x, interval: "1s", window: 120, method: "rolling-ols" };
    const socket = new WebSocket(url);
    socket.onopen = () => socket.send(JSON.stringify({ op: "subscribe", id: "1", ...pair }));
    socket.onmessage = ({ data }) => {
      const { op } = JSON.parse(data);
      if (op === "snapshot") return;
      bytes += data.length;
      if (op === "append" || op === "amend") updates++;
    };
    return socket;
  });
  await wait(5_000);
  bytes = updates = 0;
  const [cpuBefore, startedMs] = [await cpuMs(), performance.now()];
  for (let second = 0; second < SECONDS; second++) {
    market.add(1);
    await wait(1_000);
  }
  const coreShare = (await cpuMs() - cpuBefore) / (performance.now() - startedMs);
  for (const socket of sockets) socket.close();
  await stdin.close();
  await hub.status;
  return { tabs: TABS, coreShare, bytesPerUpdate: bytes / updates };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
