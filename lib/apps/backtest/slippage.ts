import { InvalidArgumentError } from "commander";
import { atLeastZero } from "../options.ts";

/** A parser for what a fill loses, bps, or for `recorded`: half of the spread that is recorded. */
export function slippage(text: string): number | "recorded" {
  if (text === "recorded") return text;
  try {
    return atLeastZero(text);
  } catch {
    throw new InvalidArgumentError(`It must be "recorded" or a number that is not negative.`);
  }
}
