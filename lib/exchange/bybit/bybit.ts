import type { ExchangeFaults } from "../faults.ts";
import { SimulatedVenue } from "../simulated_venue.ts";
import type { Market } from "../venue_market.ts";
import { BybitRestServer } from "./bybit_rest.ts";
import { BybitSocket } from "./bybit_socket.ts";

/** The same market as a simulated Bybit would tell of it: `/v5/public/linear` and `/v5/…`. */
export function simulatedBybit(market: Market, faults: ExchangeFaults): SimulatedVenue {
  const rest = new BybitRestServer(market);
  return new SimulatedVenue({
    socketPath: "/v5/public/linear",
    restPrefix: "/v5/",
    answer: (method, url, host) => rest.answer(method, url, host),
    client: (socket) => new BybitSocket(socket, market),
  }, faults);
}
