import type { ExchangeFaults } from "../faults.ts";
import { SimulatedVenue } from "../simulated_venue.ts";
import type { Market } from "../venue_market.ts";
import { OkxRestServer } from "./okx_rest.ts";
import { OkxSocket } from "./okx_socket.ts";

/** The same market as a simulated OKX would tell of it: `/ws/v5/business` and `/api/v5/…`. */
export function simulatedOkx(market: Market, faults: ExchangeFaults): SimulatedVenue {
  const rest = new OkxRestServer(market);
  return new SimulatedVenue({
    socketPath: "/ws/v5/business",
    restPrefix: "/api/v5/",
    answer: (method, url, host) => rest.answer(method, url, host),
    client: (socket) => new OkxSocket(socket, market),
  }, faults);
}
