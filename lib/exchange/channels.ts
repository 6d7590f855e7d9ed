import type { Connection } from "./connection.ts";
import type { Route, StreamClass } from "./stream_route.ts";

/** Who listens to what. The retired socket still carries public streams, and no market streams. */
export class Channels {
  readonly #subscribers: Record<Route, Map<string, Set<Connection>>> = {
    market: new Map(),
    public: new Map(),
    legacy: new Map(),
  };
  readonly #connections = new Set<Connection>();
  readonly #onSubscribed: () => void;

  /** Calls `onSubscribed` after streams were subscribed to. */
  constructor(onSubscribed: () => void) {
    this.#onSubscribed = onSubscribed;
  }

  /** The open connections. */
  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Takes up a connection. */
  open(connection: Connection): void {
    this.#connections.add(connection);
  }

  /** Forgets a connection and its subscriptions. */
  closed(connection: Connection): void {
    this.#connections.delete(connection);
    this.unsubscribe(connection, [...connection.streams]);
  }

  /** Subscribes to streams, known or not: an acknowledgement proves nothing. */
  subscribe(connection: Connection, streams: readonly string[]): void {
    const channels = this.#subscribers[connection.route];
    for (const stream of streams) {
      connection.streams.add(stream);
      const channel = channels.get(stream);
      if (channel === undefined) channels.set(stream, new Set([connection]));
      else channel.add(connection);
    }
    this.#onSubscribed();
  }

  /** Ends subscriptions; those that never were are ignored. */
  unsubscribe(connection: Connection, streams: readonly string[]): void {
    const channels = this.#subscribers[connection.route];
    for (const stream of streams) {
      connection.streams.delete(stream);
      const channel = channels.get(stream);
      channel?.delete(connection);
      if (channel?.size === 0) channels.delete(stream);
    }
  }

  /** Whether a frame of the stream would reach anybody. */
  hasSubscribers(streamClass: StreamClass, stream: string): boolean {
    return this.#subscribers[streamClass].has(stream) ||
      (streamClass === "public" && this.#subscribers.legacy.has(stream));
  }

  /** Sends a payload to everybody who listens to the stream on a socket that carries its class. */
  publish(streamClass: StreamClass, stream: string, payload: string): void {
    const routed = this.#subscribers[streamClass].get(stream);
    const legacy = streamClass === "public" ? this.#subscribers.legacy.get(stream) : undefined;
    if (routed === undefined && legacy === undefined) return;
    // Texts are made once, not per client.
    const combined = `{"stream":"${stream}","data":${payload}}`;
    for (const connections of [routed, legacy]) {
      if (connections === undefined) continue;
      for (const connection of connections) {
        connection.send(stream, connection.combined ? combined : payload);
      }
    }
  }

  /** The most bytes that wait in one socket. */
  maxBufferedBytes(): number {
    let max = 0;
    for (const connection of this.#connections) max = Math.max(max, connection.bufferedBytes);
    return max;
  }
}
