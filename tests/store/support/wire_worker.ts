/** The thread of a `Wire`. */
import { connect, createServer } from "node:net";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent) => void;
  postMessage(port: number): void;
};
let cut: "before" | "after" | null = null;
let swallows = false;
/** What waits for the end of that. */
const held: (() => void)[] = [];

/** Does something now, or when things get through again. */
function later(work: () => void): void {
  if (swallows) held.push(work);
  else work();
}

scope.onmessage = ({ data }) => {
  if ("cut" in data) cut = data.cut;
  else if ("swallows" in data) {
    swallows = data.swallows;
    if (swallows) return;
    for (const work of held.splice(0)) work();
  } else serve(data.port, new Int32Array(data.cuts));
};

function serve(port: number, cuts: Int32Array): void {
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    let isMute = false;
    client.on("data", (data: Uint8Array) => {
      const now = new TextDecoder().decode(data).includes("COMMIT") ? cut : null;
      if (now !== null) {
        cut = null;
        isMute = true;
        Atomics.add(cuts, 0, 1);
      }
      if (now === "before") client.destroy();
      // The server has time to commit before it sees that its client is gone.
      const sent = () => now === "after" && setTimeout(() => client.destroy(), 200);
      if (now !== "before") later(() => upstream.write(data, sent));
    });
    upstream.on("data", (data: Uint8Array) => isMute || later(() => client.write(data)));
  });
  server.listen(
    0,
    "127.0.0.1",
    () => scope.postMessage((server.address() as { port: number }).port),
  );
}
