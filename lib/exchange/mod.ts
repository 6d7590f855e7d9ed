/**
 * A simulated Binance USD-M exchange on loopback that a client cannot tell from the real one where
 * it matters: routed sockets, control messages, silences, REST with weights and errors. Trades are
 * made up from a seed or played from captured lines.
 *
 * ```ts
 * import { startExchange } from "tandem/exchange";
 * import { strictEqual } from "node:assert/strict";
 *
 * await using exchange = await startExchange({
 *   source: { seed: 7, symbols: ["BTCUSDT", "ETHUSDT"] },
 * });
 * const socket = new WebSocket(`${exchange.wsUrl}/market/stream?streams=btcusdt@markPrice@1s`);
 * const frame = await new Promise<string>((resolve) => socket.onmessage = (e) => resolve(e.data));
 * strictEqual(JSON.parse(frame).stream, "btcusdt@markPrice@1s");
 * socket.close();
 * ```
 *
 * @module
 */
export { type AggregateTrade, type Exchange, startExchange } from "./exchange.ts";
export { type CorruptFrame, FaultLog } from "./fault_log.ts";
export {
  FAULT_KINDS,
  type FaultKind,
  type FaultPlan,
  parseFaultPlan,
  type TimedFault,
} from "./fault_plan.ts";
export type {
  ExchangeFaults,
  FaultMarket,
  FaultSocket,
  FaultyLine,
  OutgoingFrame,
} from "./faults.ts";
export type { CointegratedPair } from "./market_model.ts";
export type { ExchangeOptions, ReplayOptions, SeededOptions } from "./options.ts";
export { type RandomFaults, randomFaults, type RandomFaultsOptions } from "./random_faults.ts";
export type { AwaitedSymbol } from "./source.ts";
