/** A WebSocket frame on its way out. */
export interface OutgoingFrame {
  /** The stream it belongs to, or `null` for the reply to a control message. */
  readonly stream: string | null;
  /** The text as the client would get it. */
  readonly text: string;
}

/** What faults may do with one client's socket. */
export interface FaultSocket {
  /** Sends a text; nothing happens when the socket is not open any more. */
  send(text: string): void;
  /** Closes the socket; what was sent before arrives first. */
  close(code: number, reason: string): void;
}

/** What becomes of the frames of one connection. */
export interface FaultyLine {
  /** Takes a frame in place of the socket, and sends it late, twice, changed or never. */
  send(frame: OutgoingFrame): void;
  /** The connection is over: nothing may be left running. */
  closed(): void;
}

/** The symbols of an exchange, as faults may change them. */
export interface FaultMarket {
  /** The symbols that trade. */
  readonly symbols: readonly string[];
  /** Lists a new symbol. @throws {RangeError} If it was listed before, or what trades is given. */
  list(symbol: string): void;
  /** Ends the trading of a symbol. @throws {RangeError} If it does not trade, or what trades is given. */
  delist(symbol: string, status?: string): void;
}

/**
 * What may happen to everything that leaves the exchange. Every frame and every REST answer passes
 * here and nowhere else: a frame first `frame`, then the line of its connection.
 */
export interface ExchangeFaults {
  /** Called when the exchange has started; answers with what ends what was begun. */
  start?(market: FaultMarket): () => void;
  /** Answers with the text to send in place of a frame, or `null` to lose it. */
  frame?(frame: OutgoingFrame): string | null;
  /** Called for each new connection; answers with what takes its frames. */
  connect?(socket: FaultSocket): FaultyLine;
  /** Answers with what is sent in place of a REST answer. */
  response?(path: string, response: Response, url: URL): Response | Promise<Response>;
}
