import { strictEqual } from "node:assert/strict";
import { type Access, admit } from "../../lib/live/guard.ts";
import { HubError } from "../../lib/live/hub_error.ts";

/** What a hub at an address answers to a request for a host: 200, or why it refuses. */
function statusOf(hostname: string, host: string): number {
  const access: Access = { hostname, token: "t", allowAnyOrigin: false, isProxied: false };
  try {
    admit(new Request("http://hub/t/t/", { headers: { host } }), access);
    return 200;
  } catch (error) {
    if (error instanceof HubError) return error.status;
    throw error;
  }
}

Deno.test("admit() knows its own address, with the brackets of IPv6 and without", () => {
  for (const hostname of ["fd00::2", "[fd00::2]", "FD00::2"]) {
    strictEqual(statusOf(hostname, "[fd00::2]:8787"), 200);
    strictEqual(statusOf(hostname, "[fd00::2]"), 200);
    strictEqual(statusOf(hostname, "[fd00::3]:8787"), 421);
    strictEqual(statusOf(hostname, "[::1]:8787"), 200);
  }
  strictEqual(statusOf("::", "[fd00::3]:8787"), 200);
  strictEqual(statusOf("192.0.2.2", "192.0.2.2:8787"), 200);
  strictEqual(statusOf("192.0.2.2", "192.0.2.3:8787"), 421);
});
