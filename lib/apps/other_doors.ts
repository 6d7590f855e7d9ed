import { BYBIT_LINEAR, OKX_SWAP } from "../market/mod.ts";

/** A venue beside the one with plain names whose live trades can be followed. */
export interface OtherDoor {
  readonly code: string;
  /** What it is called in a sentence. */
  readonly name: string;
  /** What its options begin with. */
  readonly flag: string;
  /** Which field of the selection holds the address of its sockets, and which that of its REST. */
  readonly wsField: "okxWsUrl" | "bybitWsUrl";
  readonly restField: "okxRestUrl" | "bybitRestUrl";
  readonly wsUrl: string;
  readonly restUrl: string;
  /** Where it is asked for the time. */
  readonly timePath: string;
  /** The names of its symbols. */
  readonly symbol: RegExp;
  /** The names of those whose contracts are not sizes of the base asset. */
  readonly inverse: RegExp;
}

/** The venues beside the one with plain names, in the order in which they are told of. */
export const OTHER_DOORS: readonly OtherDoor[] = [
  {
    ...{ code: OKX_SWAP, name: "OKX", flag: "okx", timePath: "/api/v5/public/time" },
    ...{ wsField: "okxWsUrl", wsUrl: "wss://ws.okx.com:8443" },
    ...{ restField: "okxRestUrl", restUrl: "https://www.okx.com" },
    symbol: /^okx:[A-Z0-9]+(?:-[A-Z0-9]+)+$/,
    inverse: /-USD-/,
  },
  {
    ...{ code: BYBIT_LINEAR, name: "Bybit", flag: "bybit", timePath: "/v5/market/time" },
    ...{ wsField: "bybitWsUrl", wsUrl: "wss://stream.bybit.com" },
    ...{ restField: "bybitRestUrl", restUrl: "https://api.bybit.com" },
    symbol: /^bybit:[A-Z0-9]{2,40}$/,
    inverse: /USD$/,
  },
];
