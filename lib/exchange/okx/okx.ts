import type { ExchangeFaults } from "../faults.ts";
import { SimulatedVenue } from "../simulated_venue.ts";
import type { Source } from "../source.ts";
import { OkxRestServer } from "./okx_rest.ts";
import { OkxSocket } from "./okx_socket.ts";

/** The same market as a simulated OKX would tell of it: `/ws/v5/business` and `/api/v5/…`. */
export function simulatedOkx(source: Source, faults: ExchangeFaults): SimulatedVenue {
  const rest = new OkxRestServer(source);
  return new SimulatedVenue({
    socketPath: "/ws/v5/business",
    restPrefix: "/api/v5/",
    answer: (method, url, host) => rest.answer(method, url, host),
    client: (socket) => new OkxSocket(socket, source),
  }, faults);
}
