import { type FrameForm, pick } from "../fault_frame.ts";

/** How Bybit writes trades, several in a frame. What is wrong with one lies in the first of them. */
export const BYBIT_FRAMES: FrameForm = {
  tradeOf(text) {
    const match = /^\{"topic":"publicTrade\.([^"]+)".*?"i":"[\da-f-]+-([\da-f]+)"/.exec(text);
    return match && { kind: "trade", symbol: match[1]!, tradeId: parseInt(match[2]!, 16) };
  },
  mistyped: (text, draw) =>
    pick([
      text.replace(/"p":"([^"]+)"/, '"p":$1'),
      text.replace(/"p":"[^"]+",/, ""),
      text.replace(/"v":"[^"]+"/, '"v":"1e3"'),
      text.replace(/"S":"[^"]+"/, '"S":true'),
      text.replace(/"T":(\d+)/, '"T":"$1"'),
      text.replace(/"seq":(\d+)/, '"seq":"$1"'),
      text.replace(/"i":"[^"]+",/, ""),
      text.replace(/"ts":(\d+)/, '"ts":"$1"'),
    ], draw),
  zeroed: (text, draw) => {
    const field = pick(["p", "v"], draw);
    const wrong = pick(["0", "0.00", "-1"], draw);
    return text.replace(new RegExp(`"${field}":"[^"]+"`), `"${field}":"${wrong}"`);
  },
  unheardOf: (text) => text.replace("publicTrade", "laterTrade"),
  estranged: (text) => text.replaceAll(/"s":"[^"]+"/g, '"s":"STRANGERUSDT"'),
};
