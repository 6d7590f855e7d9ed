import type { JetStreamClient, JetStreamManager } from "npm:@nats-io/jetstream@3.4.0";
import type { NatsConnection } from "npm:@nats-io/transport-node@3.4.0";

export type {
  ConsumerInfo,
  JetStreamClient,
  JetStreamManager,
  JsMsg,
  StreamInfo,
} from "npm:@nats-io/jetstream@3.4.0";

/** A connection with what JetStream is asked through. */
export interface Connection {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
}

/** How to reach a server. */
export interface ServerAddress {
  /** `host:port`, one or more. */
  readonly servers: readonly string[];
  /** User and password, or a token as user; `null` where the server asks for none. */
  readonly user: string | null;
  readonly password: string | null;
}

/** Reads `nats://user:password@host:port,host:port`; more servers of one cluster follow after commas. */
export function parseAddress(url: string): ServerAddress {
  const parts = url.split(",");
  const first = new URL(parts[0]!);
  const servers = [first, ...parts.slice(1).map((part) => new URL(`nats://${part}`))];
  return {
    servers: servers.map(({ hostname, port }) => `${hostname}:${port || "4222"}`),
    user: first.username === "" ? null : decodeURIComponent(first.username),
    password: first.password === "" ? null : decodeURIComponent(first.password),
  };
}

/**
 * Connects. The library is loaded here, at the first use: only who has a bus to connect to downloads
 * it. After the first time it connects again by itself, for as long as it takes.
 */
export async function connectTo(url: string, name: string): Promise<Connection> {
  const { servers, user, password } = parseAddress(url);
  const [{ connect }, { jetstream, jetstreamManager }] = await Promise.all([
    import("npm:@nats-io/transport-node@3.4.0"),
    import("npm:@nats-io/jetstream@3.4.0"),
  ]);
  const secret = user === null
    ? {}
    : password === null
    ? { token: user }
    : { user, pass: password };
  const connection = await connect({
    servers: [...servers],
    name,
    ...secret,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    pingInterval: 5_000,
    timeout: 5_000,
    noAsyncTraces: true,
  });
  try {
    const options = { timeout: REQUEST_MS };
    const manager = await jetstreamManager(connection, options);
    return { connection, manager, client: jetstream(connection, options) };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** How long an answer is waited for, ms. */
const REQUEST_MS = 3_000;
