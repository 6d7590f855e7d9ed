/** What stands between a browser and a kernel on another machine, as JupyterHub does. */
export interface Proxy extends AsyncDisposable {
  /** Its address, `http://127.0.0.1:PORT`. */
  readonly url: string;
}

/**
 * Forwards `/user/me/proxy/PORT/…` to that port of this machine, sockets too, and keeps a Host that
 * nobody there has ever heard of.
 */
export function startProxy(): Proxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const forwarding = (async () => {
    for await (const browser of listener) void forward(browser, open);
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) close(connection);
      await forwarding.catch(() => {});
    },
  };
}

async function forward(browser: Deno.Conn, open: Set<Deno.Conn>): Promise<void> {
  open.add(browser);
  try {
    const head = await readHead(browser);
    const { port, path } = /^GET \/user\/me\/proxy\/(?<port>\d+)(?<path>\S*) /.exec(head)!.groups!;
    const isSocket = /^upgrade: websocket/im.test(head);
    const kernel = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    open.add(kernel);
    const sent = head
      .replace(/^GET \S+/, `GET ${path}`)
      .replace(/^host: .*$/im, "Host: hub.example.org")
      .replace(/^connection: .*$/im, isSocket ? "Connection: Upgrade" : "Connection: close");
    await kernel.write(new TextEncoder().encode(sent));
    const pipe = (from: Deno.Conn, to: Deno.Conn) =>
      from.readable.pipeTo(to.writable).catch(() => {});
    await Promise.all([pipe(browser, kernel), pipe(kernel, browser)]);
  } catch {
    close(browser);
  }
}

async function readHead(connection: Deno.Conn): Promise<string> {
  let head = "";
  const buffer = new Uint8Array(1);
  while (!head.endsWith("\r\n\r\n")) {
    if (await connection.read(buffer) === null) throw new Error("The browser went away");
    head += String.fromCharCode(buffer[0]!);
  }
  return head;
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}
