import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { readControl } from "../../lib/exchange/control.ts";

const read = (message: unknown) => readControl(JSON.stringify(message));
const code2 = (reason: string) => ({ code: 2, msg: `Invalid request: ${reason}` });

Deno.test("readControl() reads the five methods", () => {
  deepStrictEqual(read({ method: "SUBSCRIBE", params: ["a@trade"], id: 1 }), {
    id: 1,
    request: { method: "SUBSCRIBE", streams: ["a@trade"] },
  });
  deepStrictEqual(read({ method: "UNSUBSCRIBE", params: ["a@trade"], id: "x" }), {
    id: "x",
    request: { method: "UNSUBSCRIBE", streams: ["a@trade"] },
  });
  deepStrictEqual(read({ method: "LIST_SUBSCRIPTIONS", id: 3 }), {
    id: 3,
    request: { method: "LIST_SUBSCRIPTIONS" },
  });
  deepStrictEqual(read({ method: "SET_PROPERTY", params: ["combined", true], id: 5 }), {
    id: 5,
    request: { method: "SET_PROPERTY", combined: true },
  });
  deepStrictEqual(read({ method: "GET_PROPERTY", params: ["combined"] }), {
    id: null,
    request: { method: "GET_PROPERTY" },
  });
});

Deno.test("readControl() answers mistakes with the venue's errors", () => {
  const error = (message: unknown) => {
    const control = read(message);
    return "error" in control ? control.error : control;
  };
  for (const params of [[], [""], undefined]) {
    deepStrictEqual(
      error({ method: "SUBSCRIBE", params, id: 1 }),
      code2("streams must have non-zero length"),
    );
  }
  deepStrictEqual(
    error({ method: "SUBSCRIBE", params: [7], id: 1 }),
    code2("invalid type, expected a string"),
  );
  deepStrictEqual(
    error({ method: "LIST_SUBSCRIPTIONS", id: -1 }),
    code2("request ID must be an unsigned integer"),
  );
  deepStrictEqual(
    error({ method: "GET_PROPERTY", params: [7], id: 1 }),
    code2("property name must be a string"),
  );
  deepStrictEqual(
    error({ method: "GET_PROPERTY", params: ["combined", 1], id: 1 }),
    code2("too many parameters"),
  );
  deepStrictEqual(error({ method: "SET_PROPERTY", params: ["speed", true], id: 1 }), {
    code: 0,
    msg: "Unknown property",
  });
  deepStrictEqual(error({ method: "SET_PROPERTY", params: ["combined", 1], id: 1 }), {
    code: 1,
    msg: "Invalid value type: expected Boolean",
  });
  deepStrictEqual(
    readControl('{"method":"X","id":1}'),
    {
      id: 1,
      error: code2(
        "unknown variant `X`, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, " +
          "`SET_PROPERTY`, `GET_PROPERTY` at line 1 column 21",
      ),
    },
  );
  deepStrictEqual(
    readControl('{"id":1}'),
    { id: 1, error: code2("missing field `method` at line 1 column 8") },
  );
  deepStrictEqual(readControl("hello"), {
    error: { code: 3, msg: "Invalid JSON: expected value at line 1 column 1" },
  });
});

Deno.test("readControl() never fails, whatever it is sent", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    const control = readControl(text);
    strictEqual("error" in control || "request" in control, true);
  }));
  const message = fc.record({ method: fc.anything(), params: fc.anything(), id: fc.anything() });
  fc.assert(fc.property(message, (value) => {
    readControl(JSON.stringify(value) ?? "");
  }));
});
