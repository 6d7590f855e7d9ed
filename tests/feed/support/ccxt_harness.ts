/**
 * The gateway's own parts in a process of their own, as `main.ts` runs them, for one exchange after
 * the other: `POST /venues` with `{ venues, url }` begins anew.
 */
import { Door } from "../../../lib/feed/ccxt/gateway/door.ts";
import { loadLibrary } from "../../../lib/feed/ccxt/gateway/library.ts";
import { answer } from "../../../lib/feed/ccxt/gateway/server.ts";

addEventListener("unhandledrejection", (event) => event.preventDefault());
const library = await loadLibrary();
let doors = new Map<string, Door>();
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => Deno.stdout.writeSync(new TextEncoder().encode(`${port}\n`)),
}, async (request) => {
  if (request.method !== "POST") return await answer(request, doors);
  const { venues, url } = await request.json() as { venues: string[]; url: string };
  doors = new Map(venues.map((name) => [name, new Door(library, name, url)]));
  return new Response();
});
