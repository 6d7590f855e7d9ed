import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { alertRuleText, readAlertChannels, readAlertRule } from "../../lib/alerts/mod.ts";

const PAIR = { id: "eth", watch: "z-score", y: "ETHUSDT", x: "BTCUSDT", above: 2 };

Deno.test("readAlertRule() refuses what makes no sense, naming the rule and the field", () => {
  const refused: [unknown, RegExp][] = [
    [null, /Cannot take an alert rule/],
    [{ ...PAIR, above: undefined }, /"eth": "above" or "below" must be given/],
    [{ ...PAIR, above: -2, below: 2 }, /"above" must be larger than "below"/],
    [{ ...PAIR, x: "ethusdt" }, /"y" and "x" must differ/],
    [{ ...PAIR, interval: "7s" }, /"interval": must be one of 1s, 1m, 5m/],
    [{ ...PAIR, window: 2 }, /"eth": "window"/],
    [{ ...PAIR, window: 2.5 }, /"window"/],
    [{ ...PAIR, cooldown: "soon" }, /"cooldown": must be a time such as 30s, 5m or 1h/],
    [{ ...PAIR, hysteresis: -1 }, /"hysteresis"/],
    [{ ...PAIR, above: Infinity }, /"above"/],
    [{ ...PAIR, watch: "mood" }, /"watch"/],
    [{ ...PAIR, treshold: 3 }, /treshold/],
    [{ ...PAIR, id: "a b" }, /"id": must be 1 to 64 letters/],
    [{ id: "x", watch: "silence", above: 1 }, /"x": "symbol" must be given/],
  ];
  for (const [input, message] of refused) {
    throws(() => readAlertRule(input), (error: unknown) => {
      strictEqual(error instanceof RangeError, true, String(error));
      strictEqual(message.test((error as Error).message), true, (error as Error).message);
      return true;
    });
  }
});

Deno.test("alertRuleText() gives back what readAlertRule() read", () => {
  const common = {
    id: fc.stringMatching(/^[a-z0-9._-]{1,20}$/),
    above: fc.integer({ min: 1, max: 99 }),
    below: fc.constantFrom(null, -1, 0.5),
    hysteresis: fc.constantFrom(0, 0.25),
    cooldown: fc.constantFrom("0s", "90s", "1.5m", "2h"),
    channels: fc.constantFrom([], ["desk"]),
  };
  const interval = fc.constantFrom("1s", "1m", "5m");
  const rules = fc.oneof(
    fc.record({
      ...common,
      watch: fc.constantFrom("z-score", "correlation", "hedge-ratio-change", "p-value"),
      y: fc.constant("ETHUSDT"),
      x: fc.constant("BTCUSDT"),
      interval,
      window: fc.integer({ min: 3, max: 2_000 }),
      method: fc.constantFrom("ols", "rolling-ols"),
      scale: fc.constantFrom("log", "level"),
    }),
    fc.record({ ...common, watch: fc.constant("price"), symbol: fc.constant("BTCUSDT"), interval }),
    fc.record({
      ...common,
      watch: fc.constantFrom("silence", "lag", "missing-ids", "lost-ids"),
      symbol: fc.constant("BTCUSDT"),
    }),
  );
  fc.assert(fc.property(rules, (text) => {
    const rule = readAlertRule(text);
    deepStrictEqual(readAlertRule(JSON.parse(JSON.stringify(alertRuleText(rule)))), rule);
  }));
});

Deno.test("readAlertChannels() refuses unset variables, odd addresses and private networks", () => {
  const desk = { kind: "webhook", url: "https://desk.example/hook" };
  const refused: [object, RegExp][] = [
    [{ desk: { ...desk, secret: "env:NOT_SET" } }, /variable NOT_SET is not set/],
    [{ desk: { ...desk, secret: "short" } }, /"desk": "secret"/],
    [{ desk: { ...desk, url: "ftp://desk.example" } }, /"url": must be an http or https address/],
    [{ desk: { kind: "carrier pigeon" } }, /"desk": "kind"/],
    ...["127.0.0.1", "localhost:8080", "10.1.2.3", "[::1]", "169.254.169.254", "[::ffff:7f00:1]"]
      .map((host): [object, RegExp] => [
        { desk: { ...desk, url: `http://${host}/` } },
        /private network: say "allowPrivate": true/,
      ]),
  ];
  for (const [input, message] of refused) {
    throws(() => readAlertChannels(input, () => undefined), message);
  }
  const local = { desk: { ...desk, url: "http://127.0.0.1/", allowPrivate: true } };
  strictEqual(readAlertChannels(local, () => undefined).size, 1);
});
