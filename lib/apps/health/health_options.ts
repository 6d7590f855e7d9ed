import type { Command } from "commander";
import { listenAddress, option, wholeNumber } from "../options.ts";

/** Where others ask whether a program is well. */
export interface HealthSelection {
  /** The port; 0 for any free one, `null` for none. */
  readonly healthPort: number | null;
  /** The address it listens on. */
  readonly healthHost: string;
}

/** Declares where others ask whether a program is well. */
export function addHealthOptions(command: Command): Command {
  return command
    .addOption(
      option("--health-port <port>", "answer /healthz, /readyz and /metrics there; 0 for any")
        .argParser(wholeNumber(0, 65_535)),
    )
    .addOption(
      option("--health-host <address>", "address for that").argParser(listenAddress)
        .default("127.0.0.1"),
    );
}

/** Reads where others ask whether a program is well. */
export function readHealthOptions(command: Command): HealthSelection {
  const { healthPort, healthHost } = command.opts();
  return { healthPort: healthPort ?? null, healthHost };
}

/** The address it listens on, as permissions write it; none where nobody asks. */
export function healthHosts({ healthPort, healthHost }: HealthSelection): string[] {
  if (healthPort === null) return [];
  return [`${healthHost.includes(":") ? `[${healthHost}]` : healthHost}:${healthPort}`];
}
