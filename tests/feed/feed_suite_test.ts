import { feedSuite, randomFaultTest } from "./support/feed_suite.ts";
import { BINANCE, BYBIT, OKX } from "./support/subjects.ts";

for (const subject of [BINANCE, BYBIT, OKX]) feedSuite(subject);
for (const subject of [BYBIT, OKX]) randomFaultTest(subject);
