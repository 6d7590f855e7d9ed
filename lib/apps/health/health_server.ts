import { exposition, EXPOSITION_TYPE } from "../../metrics/mod.ts";
import { atMost } from "../../streams/mod.ts";
import type { RoleStatus } from "../control/status.ts";
import { ProgramError } from "../program.ts";
import type { HealthSelection } from "./health_options.ts";
import { roleMetrics } from "./role_metrics.ts";
import { unready } from "./unready.ts";

/** How long requests under way get when the program ends, ms. */
const ANSWERING_MS = 500;

/** A server that tells whether its program is well. */
export interface HealthServer extends AsyncDisposable {
  /** Where: `http://127.0.0.1:9100`. */
  readonly url: string;
}

/**
 * Tells whoever asks, where that was wanted, how a program is: `/healthz` (the process lives),
 * `/readyz` (it does its work; else 503, and why) and `/metrics` (Prometheus text).
 *
 * @param status How the program is now.
 * @returns The server, or `null` where none was wanted.
 * @throws {ProgramError} If the port cannot be had.
 */
export function serveHealth(
  { healthPort, healthHost }: HealthSelection,
  status: () => RoleStatus,
): HealthServer | null {
  if (healthPort === null) return null;
  const listen = { hostname: healthHost, port: healthPort, onListen() {} };
  const server = listening(listen, (request) => {
    if (isLoopback(healthHost) && !isLoopback(hostOf(request))) {
      return answer(421, `Cannot answer for host "${hostOf(request)}"`);
    }
    if (request.method !== "GET" && request.method !== "HEAD") return answer(405, "Only GET");
    switch (new URL(request.url).pathname) {
      case "/healthz":
        return answer(200, "alive");
      case "/readyz": {
        const reasons = unready(status());
        return reasons.length === 0 ? answer(200, "ready") : answer(503, reasons.join("\n"));
      }
      case "/metrics":
        return answer(200, exposition(roleMetrics(status())), EXPOSITION_TYPE);
      default:
        return answer(404, "There are /healthz, /readyz and /metrics");
    }
  });
  const host = healthHost.includes(":") ? `[${healthHost}]` : healthHost;
  return {
    url: `http://${host}:${server.addr.port}`,
    [Symbol.asyncDispose]: async () => void await atMost(ANSWERING_MS, server.shutdown()),
  };
}

function listening(
  options: Deno.ServeTcpOptions & { readonly hostname: string; readonly port: number },
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(options, handler);
  } catch (cause) {
    throw new ProgramError(
      `Cannot answer at ${options.hostname}:${options.port} (${
        (cause as Error).message
      }): name another port with --health-port`,
      { cause },
    );
  }
}

function answer(status: number, text: string, type = "text/plain; charset=utf-8"): Response {
  const headers = { "content-type": type, "cache-control": "no-store" };
  return new Response(text.endsWith("\n") ? text : `${text}\n`, { status, headers });
}

/** A page that points its own name here names that. */
function hostOf(request: Request): string {
  return (request.headers.get("host") ?? "").replace(/:\d+$/, "");
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i.test(host);
}
