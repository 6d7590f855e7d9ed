import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { asPostgresError } from "../../lib/store/postgres/as_postgres_error.ts";
import { parsePostgres } from "../../lib/store/postgres/location.ts";
import { passwordOf } from "../../lib/store/postgres/password.ts";

Deno.test("what no server reports means that the connection is lost, and what one reports does not", () => {
  const location = parsePostgres("postgres://me@db/tandem");
  const codeOf = (code: string) => asPostgresError(location, { code, message: "why" }).code;
  const lost = ["ETIMEDOUT", "ECONNRESET", "EPIPE", "EAI_AGAIN", "EPROTO", "CONNECTION_CLOSED"];
  deepStrictEqual(
    new Set([...lost, "TIMEOUT", "57P01", "08006"].map(codeOf)),
    new Set(["offline"]),
  );
  deepStrictEqual(
    ["28P01", "SASL_SIGNATURE_MISMATCH", "3D000", "53100", "40P01", "22012", "XX000", "23505", ""]
      .map(codeOf),
    [
      ...["unreachable", "unreachable", "missing", "full", "busy", "leased", "corrupt"],
      ...["unreachable", "unreachable"],
    ],
  );
});

Deno.test("a password is looked for in the file that others use", () => {
  const file = Deno.makeTempFileSync();
  Deno.writeTextFileSync(
    file,
    "# comment\nother:*:*:me:no\ndb:5432:tan\\:dem:me:with:colons and \\\\\r\n*:*:*:*:last\n",
  );
  const before = Deno.env.get("PGPASSFILE");
  const own = Deno.env.get("PGPASSWORD");
  Deno.env.delete("PGPASSWORD");
  Deno.env.set("PGPASSFILE", file);
  try {
    strictEqual(passwordOf(parsePostgres("postgres://me@db/tan:dem")), "with:colons and \\");
    strictEqual(passwordOf(parsePostgres("postgres://you@db/tandem")), "last");
    strictEqual(passwordOf(parsePostgres("postgres://you:own@db/tandem")), "own");
  } finally {
    if (before === undefined) Deno.env.delete("PGPASSFILE");
    else Deno.env.set("PGPASSFILE", before);
    if (own !== undefined) Deno.env.set("PGPASSWORD", own);
  }
});
