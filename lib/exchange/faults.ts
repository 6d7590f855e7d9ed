/** A WebSocket frame on its way out. */
export interface OutgoingFrame {
  /** The stream it belongs to, or `null` for the reply to a control message. */
  readonly stream: string | null;
  /** The text as the client would get it. */
  readonly text: string;
}

/**
 * What may happen to everything that leaves the exchange. Every frame and every REST answer passes
 * here and nowhere else.
 */
export interface ExchangeFaults {
  /** Answers with the text to send in place of a frame, or `null` to lose it. */
  frame?(frame: OutgoingFrame): string | null;
  /** Answers with what is sent in place of a REST answer. */
  response?(path: string, response: Response): Response | Promise<Response>;
}
