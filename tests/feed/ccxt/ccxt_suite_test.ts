// deno-lint-ignore-file no-console -- why tests are skipped is printed
import { CcxtGateway, whyNoCcxt } from "../support/ccxt_gateway.ts";
import { ccxtSubject } from "../support/ccxt_subject.ts";
import { feedSuite, randomFaultTest } from "../support/feed_suite.ts";

const reason = await whyNoCcxt();
if (reason !== null) {
  console.log(`skipped: feeds through ccxt, as it cannot be had: ${reason}`);
} else {
  let gateway: CcxtGateway;
  Deno.test.beforeAll(async () => {
    gateway = await CcxtGateway.start();
  });
  Deno.test.afterAll(() => gateway[Symbol.asyncDispose]());
  const subject = ccxtSubject(() => gateway);
  feedSuite(subject);
  randomFaultTest(subject);
}
