/** An HTTP proxy, an exchange behind TLS, and a certificate authority for it: all real, all here. */

/** A proxy that leads every host to one port of this machine. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** What was asked of it, `CONNECT host:port` or the like. */
  readonly asked: string[];
  /** The credentials that came with it, decoded. */
  readonly credentials: Set<string>;
}

/** Starts a proxy that understands CONNECT and nothing else. */
export function startProxy(targetPort: number): Proxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked: string[] = [];
  const credentials = new Set<string>();
  const done = serveEach(listener, async (client) => {
    const buffer = new Uint8Array(4_096);
    const count = await client.read(buffer) ?? 0;
    const [first = "", ...headers] = new TextDecoder().decode(buffer.subarray(0, count)).split(
      "\r\n",
    );
    asked.push(first.replace(/ HTTP.*/, ""));
    for (const header of headers) {
      const basic = /^proxy-authorization: basic (.*)/i.exec(header);
      if (basic !== null) credentials.add(atob(basic[1]!));
    }
    if (!first.startsWith("CONNECT ")) return client.close();
    await client.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\n"));
    await join(client, targetPort);
  });
  return {
    port: (listener.addr as Deno.NetAddr).port,
    asked,
    credentials,
    async [Symbol.asyncDispose]() {
      listener.close();
      await done;
    },
  };
}

/** Puts TLS in front of a port of this machine. */
export function startTls(
  { cert, key }: { readonly cert: string; readonly key: string },
  targetPort: number,
): { readonly port: number } & AsyncDisposable {
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
  const done = serveEach(listener, (client) => join(client, targetPort));
  return {
    port: (listener.addr as Deno.NetAddr).port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await done;
    },
  };
}

/** Serves every connection until the listener is closed, then ends those that are left. */
async function serveEach(
  listener: Deno.Listener<Deno.Conn>,
  serve: (client: Deno.Conn) => Promise<void> | void,
): Promise<void> {
  const open = new Map<Deno.Conn, Promise<void>>();
  try {
    for await (const client of listener) {
      const served = (async () => await serve(client))().catch(() => {});
      open.set(client, served);
    }
  } catch {
    // The listener was closed.
  }
  for (const client of open.keys()) closed(client);
  await Promise.all(open.values());
}

async function join(client: Deno.Conn, port: number): Promise<void> {
  const target = await Deno.connect({ hostname: "127.0.0.1", port });
  await Promise.allSettled([
    client.readable.pipeTo(target.writable),
    target.readable.pipeTo(client.writable),
  ]);
}

function closed(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It has ended.
  }
}

/** A certificate for some hosts, and the authority that vouches for it. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** File of the authority, as `DENO_CERT` takes it. */
  readonly authority: string;
}

/** Makes a certificate with openssl; `null` where there is none. */
export async function makeCertificate(
  folder: string,
  hosts: readonly string[],
): Promise<Certificate | null> {
  const [ca, caKey, cert, key] = ["ca", "ca-key", "cert", "key"].map((n) => `${folder}/${n}.pem`);
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj"];
  const names = hosts.map((host) => `DNS:${host}`).join(",");
  const steps = [
    [...made, "/CN=test authority", "-keyout", caKey!, "-out", ca!],
    [
      ...[...made, `/CN=${hosts[0]}`, "-keyout", key!, "-out", cert!, "-CA", ca!, "-CAkey", caKey!],
      ...["-addext", `subjectAltName=${names}`, "-addext", "basicConstraints=critical,CA:FALSE"],
    ],
  ];
  for (const args of steps) {
    try {
      const { success, stderr } = await new Deno.Command("openssl", { args, stderr: "piped" })
        .output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }
  const read = (path: string) => Deno.readTextFile(path);
  return { cert: await read(cert!), key: await read(key!), authority: ca! };
}
