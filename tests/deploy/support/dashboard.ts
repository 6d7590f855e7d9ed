/** What the dashboard asks for, and what programs tell. */
import { deployFolder } from "./compose_file.ts";

/** Labels that Prometheus adds to every number. */
const ADDED = ["job", "instance"];
/** What Prometheus itself knows of every program. */
const OWN = ["up"];
/** Words of the language of expressions that are no metrics. */
const WORDS = new Set(["sum", "max", "min", "avg", "by", "without", "rate", "increase"]);

/** A metric as an expression asks for it. */
export interface Asked {
  readonly name: string;
  readonly labels: readonly string[];
}

/** A number that a program tells. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlySet<string>;
}

/** Every expression of the dashboard, with the title of its panel. */
export function expressions(): { readonly title: string; readonly expr: string }[] {
  const { panels } = JSON.parse(Deno.readTextFileSync(`${deployFolder}/grafana/tandem.json`));
  // deno-lint-ignore no-explicit-any -- Grafana's own shape
  return panels.flatMap(({ title, targets }: any) =>
    // deno-lint-ignore no-explicit-any -- as above
    targets.map(({ expr }: any) => ({ title, expr }))
  );
}

/** What the dashboard asks for and nobody tells. */
export function untold(samples: readonly Sample[]): string[] {
  return expressions().flatMap(({ title, expr }) =>
    askedIn(expr)
      .filter(({ name, labels }) =>
        !OWN.includes(name) &&
        !samples.some((s) => s.name === name && labels.every((label) => s.labels.has(label)))
      )
      .map(({ name, labels }) => `${title}: ${name}{${labels}}`)
  );
}

/** The samples of texts as Prometheus reads them. */
export function samplesOf(texts: readonly string[]): Sample[] {
  return texts.flatMap((each) => each.split("\n")).flatMap((line) => {
    const [, name, labels = ""] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) return [];
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label!);
    return [{ name, labels: new Set(names) }];
  });
}

/** The metrics of an expression, each with the labels that it is asked by. */
export function askedIn(expression: string): Asked[] {
  const grouped = [...expression.matchAll(/\b(?:by|without) \(([^)]*)\)/g)]
    .flatMap(([, labels]) => labels!.split(",").map((label) => label.trim()));
  const rest = expression.replace(/\b(?:by|without) \([^)]*\)/g, "").replace(/\[[^\]]*\]/g, "");
  return [...rest.matchAll(/\b([a-z_][a-z_0-9]*)(?:\{([^}]*)\})?/g)]
    .filter(([, name]) => !WORDS.has(name!))
    .map(([, name, matchers = ""]) => {
      const own = [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)/g)].map(([, label]) => label!);
      const labels = [...own, ...grouped].filter((label) => !ADDED.includes(label));
      return { name: name!, labels };
    });
}
