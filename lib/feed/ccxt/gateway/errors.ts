/** How ccxt calls what another try may mend. */
const PASSING = new Set([
  ...[
    "NetworkError",
    "DDoSProtection",
    "RateLimitExceeded",
    "ExchangeNotAvailable",
    "OnMaintenance",
  ],
  ...["InvalidNonce", "RequestTimeout", "OperationFailed", "ChecksumError", "BadResponse"],
  ...["NullResponse", "ExchangeClosedByUser", "CancelPending"],
]);
const REFUSED = new Set(["BadSymbol", "BadRequest", "NotSupported", "ArgumentsRequired"]);

/** What an error of ccxt means: another try may help, the question is refused, or neither is known. */
export function kindOfError(error: unknown): "passing" | "refused" | "unknown" {
  const name = error instanceof Error ? error.name : "";
  return PASSING.has(name) ? "passing" : REFUSED.has(name) ? "refused" : "unknown";
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
