import type { ExchangeFaults } from "../faults.ts";
import { SimulatedVenue } from "../simulated_venue.ts";
import type { Source } from "../source.ts";
import { BybitRestServer } from "./bybit_rest.ts";
import { BybitSocket } from "./bybit_socket.ts";

/** The same market as a simulated Bybit would tell of it: `/v5/public/linear` and `/v5/…`. */
export function simulatedBybit(source: Source, faults: ExchangeFaults): SimulatedVenue {
  const rest = new BybitRestServer(source);
  return new SimulatedVenue({
    socketPath: "/v5/public/linear",
    restPrefix: "/v5/",
    answer: (method, url, host) => rest.answer(method, url, host),
    client: (socket) => new BybitSocket(socket, source),
  }, faults);
}
