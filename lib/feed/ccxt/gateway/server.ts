import type { Door } from "./door.ts";
import { kindOfError, messageOf } from "./errors.ts";
import { listing, row } from "./rows.ts";
import { Stream } from "./stream.ts";

const MOST_TRADES = 1_000;

/**
 * Answers `GET /VENUE/time`, `/VENUE/markets` and `/VENUE/trades?symbol&since&limit`, and tells live
 * trades on a socket at `/VENUE`.
 */
export async function answer(
  request: Request,
  doors: ReadonlyMap<string, Door>,
): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const [, venue = "", what] = pathname.split("/");
  const door = doors.get(venue);
  // A page in a browser has no business here.
  if (request.headers.has("origin")) return refusal(403, "pages are not served");
  if (door === undefined) {
    const all = [...doors.keys(), venue].join(" ");
    return refusal(404, `ccxt was started without ${venue}: start it with "deno task ccxt ${all}"`);
  }
  if (what === undefined && request.headers.get("upgrade")?.toLowerCase() === "websocket") {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () => Stream.serve(socket, door);
    return response;
  }
  try {
    switch (what) {
      case "time": {
        const timeMs = await door.time();
        if (timeMs === null) return refusal(501, "the venue does not tell its time");
        return Response.json({ timeMs }, { headers: headersOf(door) });
      }
      case "markets": {
        const markets = Object.values(await door.markets()).map(listing);
        return Response.json({ markets, givesTrades: door.givesTrades });
      }
      case "trades": {
        const since = searchParams.get("since");
        const limit = Math.min(MOST_TRADES, Number(searchParams.get("limit") ?? MOST_TRADES));
        const symbol = searchParams.get("symbol") ?? "";
        const trades = await door.trades(symbol, since === null ? undefined : +since, limit);
        return Response.json({ trades: trades.map(row) });
      }
      default:
        return refusal(404, `"${pathname}" is nothing that is told here`);
    }
  } catch (error) {
    return refusal(kindOfError(error) === "refused" ? 400 : 502, messageOf(error));
  }
}

function headersOf({ server }: Door): Record<string, string> {
  return server === null ? {} : { server };
}

function refusal(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
