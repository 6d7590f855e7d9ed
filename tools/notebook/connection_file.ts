import type { Channel } from "./kernel_message.ts";

/** Where a kernel is told to listen. */
export interface ConnectionFile {
  /** The file that tells it. */
  readonly path: string;
  /** The ports that we use. */
  readonly ports: Readonly<Record<Channel, number>>;
}

/** Ports that are free now; the kernel takes them a moment later. */
function freePorts(count: number): number[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  const ports = listeners.map((listener) => listener.addr.port);
  for (const listener of listeners) listener.close();
  return ports;
}

/**
 * Writes the file a kernel is started with.
 *
 * @param key Signs the messages.
 * @returns The file and the ports.
 */
export async function writeConnectionFile(key: string): Promise<ConnectionFile> {
  const [shell, iopub, stdin, control, heartbeat] = freePorts(5);
  const path = await Deno.makeTempFile({ suffix: ".json" });
  const settings = {
    ip: "127.0.0.1",
    transport: "tcp",
    shell_port: shell,
    iopub_port: iopub,
    stdin_port: stdin,
    control_port: control,
    hb_port: heartbeat,
    key,
    signature_scheme: "hmac-sha256",
    kernel_name: "deno",
  };
  await Deno.writeTextFile(path, JSON.stringify(settings));
  return { path, ports: { shell: shell!, iopub: iopub!, control: control! } };
}
