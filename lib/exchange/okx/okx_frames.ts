import { type FrameForm, pick } from "../fault_frame.ts";

/** How OKX writes trades, one in a frame. */
export const OKX_FRAMES: FrameForm = {
  tradeOf(text) {
    const match = /"channel":"trades-all","instId":"([^"]+)".*"tradeId":"(\d+)"/.exec(text);
    return match && { kind: "trade", symbol: match[1]!, tradeId: Number(match[2]) };
  },
  mistyped: (text, draw) =>
    pick([
      text.replace(/"px":"([^"]+)"/, '"px":$1'),
      text.replace(/"px":"[^"]+",/, ""),
      text.replace(/"sz":"[^"]+"/, '"sz":"1e3"'),
      text.replace(/"side":"[^"]+"/, '"side":true'),
      text.replace(/"ts":"(\d+)"/, '"ts":$1'),
      text.replace(/"tradeId":"(\d+)"/, '"tradeId":"-$1"'),
      text.replace(/"data":\[/, '"data":[['),
    ], draw),
  zeroed: (text, draw) => {
    const field = pick(["px", "sz"], draw);
    const wrong = pick(["0", "0.00", "-1"], draw);
    return text.replace(new RegExp(`"${field}":"[^"]+"`), `"${field}":"${wrong}"`);
  },
  unheardOf: (text) => text.replace("trades-all", "trades-later"),
  estranged: (text) =>
    text.replace(/"data":\[\{"instId":"[^"]+"/, '"data":[{"instId":"STRANGER-USDT-SWAP"'),
};
