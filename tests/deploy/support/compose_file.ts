/** `deploy/compose.yaml` as Compose understands it. */
import { parse } from "npm:yaml@2.8.1";

/** Where `deploy/` is. */
export const deployFolder = decodeURIComponent(
  new URL("../../../deploy", import.meta.url).pathname,
);

/** A file of `deploy/`. */
export function readYaml<T>(path: string): T {
  return parse(Deno.readTextFileSync(`${deployFolder}/${path}`), { merge: true }) as T;
}

/** What the file says of one container. */
export interface Service {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly dependsOn: readonly string[];
  readonly volumes: readonly string[];
  readonly secrets: readonly string[];
  readonly restart: string;
  /** `["CMD", program, …]`, or `null` where nobody asks. */
  readonly healthcheck: readonly string[] | null;
}

/** The whole file. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
  readonly secrets: object;
}

/**
 * Reads the file.
 *
 * @param variables What `deploy/.env` and the shell set.
 * @throws {Error} If one that must be set is not, as Compose does.
 */
export function readCompose(variables: Readonly<Record<string, string>>): ComposeFile {
  // deno-lint-ignore no-explicit-any -- Compose's own many shapes
  const file = readYaml<any>("compose.yaml");
  const fill = (given: unknown) => {
    // A plain text with ": " in it is a mapping, which Compose refuses.
    if (typeof given === "object") throw new TypeError(`${JSON.stringify(given)} must be a text`);
    return filled(String(given), variables);
  };
  // deno-lint-ignore no-explicit-any -- as above
  const services = Object.entries<any>(file.services).map(([name, service]) => {
    const { image, command = [], environment = {}, restart = "no", healthcheck } = service;
    const words = typeof command === "string" ? fill(command).split(/\s+/) : command.map(fill);
    return [name, {
      ...{ image, command: words, restart },
      environment: Object.fromEntries(
        Object.entries(environment)
          .map(([key, value]) => [key, value === null ? variables[key] : fill(value)])
          .filter(([, value]) => value !== undefined),
      ),
      dependsOn: Array.isArray(service.depends_on)
        ? service.depends_on
        : Object.keys(service.depends_on ?? {}),
      volumes: service.volumes ?? [],
      secrets: service.secrets ?? [],
      healthcheck: healthcheck?.test?.map(fill) ?? null,
    }];
  });
  const { volumes, secrets } = file;
  return { services: Object.fromEntries(services), volumes, secrets };
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?what to do}`, replaced. */
function filled(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name, kind, rest) => {
    const value = variables[name] ?? "";
    if (value === "" && kind === "?") throw new Error(`${name} is not set: ${rest}`);
    return value === "" && kind === "-" ? rest : value;
  });
}
