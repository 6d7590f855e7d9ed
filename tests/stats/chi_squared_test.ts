import { strictEqual, throws } from "node:assert/strict";
import { chiSquaredCdf, chiSquaredP, normalTwoSidedP } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";

// mpmath 1.3.0, 60 digits: gammainc(df/2, x/2, regularized)
const UPPER = [
  [500, 3, 4.771672031912758e-108],
  [12, 12, 0.44567964136461125],
  [1500, 1400, 0.03150372098939239],
  [40, 1, 2.539628589470865e-10],
  [0.5, 4, 0.9735009788392561],
] as const;

Deno.test("chiSquaredP() and chiSquaredCdf() agree with 60-digit arithmetic", () => {
  for (const [x, df, p] of UPPER) {
    close(chiSquaredP(x, df), p, 1e-12);
    close(chiSquaredCdf(x, df), 1 - p, 1e-12);
  }
});

Deno.test("chiSquaredCdf() keeps relative accuracy in the left tail", () => {
  close(chiSquaredCdf(1e-10, 3), 2.65961520259643e-16, 1e-13);
  close(chiSquaredCdf(2, 30), 3.0000106665252023e-13, 1e-13);
});

Deno.test("chiSquaredP() with one degree of freedom is the two-sided p of a normal", () => {
  for (const z of [0.1, 1, 3, 12]) close(chiSquaredP(z * z, 1), normalTwoSidedP(z), 1e-13);
});

Deno.test("chiSquaredP() answers at the ends and refuses what is not defined", () => {
  strictEqual(chiSquaredP(0, 2), 1);
  strictEqual(chiSquaredP(-3, 2), 1);
  strictEqual(chiSquaredP(Infinity, 2), 0);
  throws(() => chiSquaredP(NaN, 2), RangeError);
  throws(() => chiSquaredCdf(1, 0), RangeError);
});
