import { throws } from "node:assert/strict";
import { attach } from "../../lib/notebook/mod.ts";

Deno.test("attach() refuses a server, and does not repeat its password", () => {
  throws(
    () => attach({ db: "postgres://me:secret@db/tandem" }),
    (error) =>
      error instanceof RangeError && /PostgreSQL server/.test(error.message) &&
      !error.message.includes("secret"),
  );
});
