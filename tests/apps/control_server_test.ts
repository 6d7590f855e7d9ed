import { ok, rejects, strictEqual } from "node:assert/strict";
import { serveControl } from "../../lib/apps/control/control_server.ts";

Deno.test("serveControl() leaves the file of whoever has taken over, and removes its own", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tandem.db.control.json`;
  const named = (name: string) => ({ status: () => ({ name }), stop() {} });
  try {
    {
      await using _next = await (async () => {
        await using _first = await serveControl(path, named("first"));
        return await serveControl(path, named("next"));
      })();
      const { url, token } = JSON.parse(await Deno.readTextFile(path));
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${url}/status`, { headers });
      ok(response.ok);
      strictEqual((await response.json()).name, "next");
    }
    await rejects(Deno.stat(path), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
