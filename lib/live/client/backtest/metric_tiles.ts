/// <reference lib="dom" />
import { formatFixed } from "../../../charts/mod.ts";
import type { BacktestAnswer } from "../../backtest_answer.ts";
import { element } from "../dom.ts";

/** What a backtest came to, as tiles: each a name, a number and what belongs to it. */
export function metricTiles({ metrics: m, staleShare, incompleteShare }: BacktestAnswer): Node[] {
  return [
    tile("Net", money(m.totalNet), `${money(m.totalGross)} gross, ${money(m.totalCost)} costs`),
    tile("Round trips", String(m.tradeCount), `${percent(m.hitRate)} won`),
    tile("Sharpe ratio", fixed(m.sharpe), `${fixed(m.sharpeLo)} corrected for autocorrelation`),
    tile("Sortino ratio", fixed(m.sortino), `profit factor ${fixed(m.profitFactor)}`),
    tile("Drawdown", percent(m.maxDrawdown), `${m.longestUnderWaterBars} bars under water`),
    tile("In the market", percent(m.exposure), `turnover ${fixed(m.turnover)} times the capital`),
    tile("By leg", `${money(m.legs.y)} / ${money(m.legs.x)}`, "gross of y and x"),
    tile(
      "Bars",
      m.nobs.toLocaleString("en"),
      `${percent(staleShare)} carried forward, ${percent(incompleteShare)} incomplete`,
      incompleteShare > 0,
    ),
  ];
}

function tile(name: string, value: string, more: string, isBad = false): Node {
  return element(
    "div",
    {},
    element("dt", {}, name),
    element("dd", {}, value),
    element("dd", { class: isBad ? "more bad" : "more" }, more),
  );
}

/** An amount in quote units. */
export function money(value: number): string {
  const text = value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return text.replace("-", "−");
}

const fixed = (value: number | null) => formatFixed(value, 2);

function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(share !== 0 && share < 0.1 ? 1 : 0)} %`;
}
