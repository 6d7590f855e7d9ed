import type { BarsRequest, PairRequest, ServerMessage } from "../live/mod.ts";
import { displayAt, type MediaBundle } from "./kernel.ts";
import { job } from "./job.ts";
import { sleep as abortableSleep } from "../streams/mod.ts";

/** Whether outputs carry everything themselves, as no browser reaches this kernel. */
export const isEmbedded: boolean = Deno.env.get("TANDEM_TRANSPORT") === "embedded";

/** Each push is an output of its own to the page, so they are few. */
const PUSH_MS = 1_000;

const FIRST_ROWS_MS = 30_000;

/** A chart that an output carries, and what is pushed to it. */
export interface EmbeddedChart {
  /** The output. */
  readonly bundle: MediaBundle;
  /** Begins to push; to be called in the cell that has shown the output. */
  begin(): Promise<void>;
}

/** Reads base64 of gzip; the same text in every output, and what makes it a module once per page. */
const READ = `const t=(s)=>new Response(new Blob([Uint8Array.from(atob(s),(c)=>c.charCodeAt(0))])` +
  `.stream().pipeThrough(new DecompressionStream("gzip"))).text();`;

/**
 * Makes an output that holds the client, the rows and their picture. More rows go through updates
 * of a second, empty output of the same cell: those reach a page wherever its kernel is.
 *
 * @param still The picture.
 * @param base The address of this kernel's own hub, for this kernel.
 * @param request What to show.
 */
export async function embeddedChart(
  still: MediaBundle,
  base: string,
  request: PairRequest | BarsRequest,
): Promise<EmbeddedChart> {
  const id = `tandem-${crypto.randomUUID().slice(0, 8)}`;
  const client = await zipped(await (await fetch(`${base}chart.js`)).text());
  const { socket, first, waiting } = await subscribe(base, request);
  const rows = await zipped(JSON.stringify({ spec: first.spec, columns: first.columns }));
  const script = `(async()=>{${READ}globalThis.tandemClient??=t("${client}").then((s)=>` +
    `import(URL.createObjectURL(new Blob([s],{type:"text/javascript"}))));` +
    `const c=await globalThis.tandemClient;const e=document.getElementById("${id}");` +
    `c.embed(e,"${id}",JSON.parse(await t("${rows}")))})()`;
  return {
    bundle: {
      ...still,
      "text/html": `<div id="${id}">${
        still["text/html"]
      }</div><script data-tandem>${script}</script>`,
    },
    async begin() {
      await displayAt(`${id}-rows`, { "text/html": "<span></span>", "text/plain": "" }, false);
      job(`rows of ${JSON.stringify(request)}`, async (signal) => {
        signal.addEventListener("abort", () => socket.close());
        for (let number = 0; !signal.aborted;) {
          await abortableSleep(PUSH_MS, signal);
          if (waiting.length === 0) continue;
          const messages = await zipped(JSON.stringify(waiting.splice(0)));
          const push = `(async()=>{${READ}const c=await globalThis.tandemClient;` +
            `c?.push("${id}",${number++},JSON.parse(await t("${messages}")))})()`;
          const html = `<script data-tandem>${push}</script>`;
          await displayAt(`${id}-rows`, { "text/html": html, "text/plain": "" }, true);
        }
      });
    },
  };
}

interface Subscribed {
  readonly socket: WebSocket;
  readonly first: Extract<ServerMessage, { op: "snapshot" }>;
  /** What was said after it. */
  readonly waiting: ServerMessage[];
}

/** Asks the hub as a page would. */
function subscribe(base: string, request: PairRequest | BarsRequest): Promise<Subscribed> {
  const socket = new WebSocket(new URL("ws", base.replace(/^http/, "ws")));
  const waiting: ServerMessage[] = [];
  let first: Subscribed["first"] | null = null;
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      socket.close();
      reject(new Error(why));
    };
    const timer = setTimeout(() => fail("The hub did not answer"), FIRST_ROWS_MS);
    socket.onopen = () => socket.send(JSON.stringify({ op: "subscribe", id: "0", ...request }));
    socket.onerror = () => fail("Cannot reach the hub of this kernel");
    socket.onmessage = ({ data }) => {
      const message: ServerMessage = JSON.parse(data);
      if (message.op === "error") fail(message.error.message);
      if (first !== null && /^(append|amend|snapshot)$/.test(message.op)) waiting.push(message);
      if (first !== null || message.op !== "snapshot") return;
      first = message;
      clearTimeout(timer);
      resolve({ socket, first, waiting });
    };
  });
}

async function zipped(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer()).toBase64();
}
