import { type Exchange, startExchange } from "../../../lib/exchange/mod.ts";

/** An exchange, and the means to cut everyone off from it. */
export interface Cuttable {
  readonly exchange: Exchange;
  /** Closes every connection there is now. */
  cut(): void;
}

/** Starts an exchange of two symbols; so many trades a second come of both. */
export async function startCuttable(ratePerSecond: number): Promise<Cuttable> {
  const sockets = new Set<{ close(code: number, reason: string): void }>();
  const exchange = await startExchange({
    source: { seed: 3, symbols: 2, ratePerSecond, historyMs: 2_000 },
    faults: {
      connect(socket) {
        sockets.add(socket);
        return { send: ({ text }) => socket.send(text), closed: () => sockets.delete(socket) };
      },
    },
  });
  return {
    exchange,
    cut() {
      for (const socket of sockets) socket.close(1011, "gone");
    },
  };
}
