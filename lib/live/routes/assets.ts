import { themeCss } from "../../charts/mod.ts";
import CHART_JS from "../dist/chart.js" with { type: "text" };
import FILES_JS from "../dist/files.js" with { type: "text" };
import PAGE_CSS from "../page/page.css" with { type: "text" };
import PAGE_HTML from "../page/page.html" with { type: "text" };
import { SAFE_HEADERS } from "../respond.ts";
import type { Route } from "./route.ts";

/** Nothing inline, nothing from elsewhere. */
const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data: blob:"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join("; ");

const encoder = new TextEncoder();

/** The page and what it loads; compressed once, when first asked for. */
export const ASSETS: Readonly<Record<string, Route>> = {
  "/": asset("text/html; charset=utf-8", () => PAGE_HTML, { "content-security-policy": POLICY }),
  "/page.css": asset("text/css; charset=utf-8", () => themeCss(":root") + PAGE_CSS),
  "/chart.js": asset("text/javascript; charset=utf-8", () => CHART_JS),
  "/files.js": asset("text/javascript; charset=utf-8", () => FILES_JS),
};

function asset(type: string, text: () => string, extra: Record<string, string> = {}): Route {
  let made: Promise<Asset> | undefined;
  return async ({ request }) => {
    const { plain, zipped, tag } = await (made ??= make(text()));
    const headers = new Headers({
      ...SAFE_HEADERS,
      ...extra,
      "content-type": type,
      "cache-control": "no-cache",
      etag: tag,
      vary: "accept-encoding",
    });
    if (request.headers.get("if-none-match") === tag) {
      return new Response(null, { status: 304, headers });
    }
    const isZipped = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
    if (isZipped) headers.set("content-encoding", "gzip");
    return new Response(isZipped ? zipped : plain, { headers });
  };
}

interface Asset {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly zipped: Uint8Array<ArrayBuffer>;
  readonly tag: string;
}

async function make(text: string): Promise<Asset> {
  const plain = encoder.encode(text);
  const zipping = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", plain));
  return {
    plain,
    zipped: new Uint8Array(await new Response(zipping).arrayBuffer()),
    tag: `"${digest.slice(0, 12).toBase64({ alphabet: "base64url" })}"`,
  };
}
