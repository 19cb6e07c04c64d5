/* A strict parser of the text format of Prometheus, written from its description. */

/** A sample of a metric. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*/;
const labelValue = /^"((?:[^"\\\n]|\\[\\"n])*)"/;

/**
 * Reads a text as Prometheus and node_exporter do.
 *
 * @throws Error for every line that they refuse, for two series with the same labels, for a metric whose lines are not
 * together, and for one without HELP and TYPE
 */
export function parseExposition(text: string): readonly Sample[] {
  if (!text.endsWith("\n")) {
    throw new Error("the last line must end with a line feed");
  }
  const samples: Sample[] = [];
  const seen = new Set<string>();
  const described = new Map<string, string[]>();
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, keyword = "", name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (keyword !== "") {
      const known = described.get(name) ?? [];
      if (known.includes(keyword) || (known.length > 0 && name !== current)) {
        throw new Error(`${keyword} of ${name} must come once, before its samples`);
      }
      if (keyword === "TYPE" && !["gauge", "counter"].includes(rest)) {
        throw new Error(`a type that is not known: ${line}`);
      }
      described.set(name, [...known, keyword]);
      current = name;
      continue;
    }
    const sample = parseSample(line);
    if (sample.name !== current || described.get(current)?.length !== 2) {
      throw new Error(`the samples of a metric must follow its HELP and TYPE: ${line}`);
    }
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (seen.has(key)) {
      throw new Error(`the same series twice: ${line}`);
    }
    seen.add(key);
    samples.push(sample);
  }
  return samples;
}

function parseSample(line: string): Sample {
  let rest = line;
  const take = (form: RegExp): RegExpExecArray => {
    const match = form.exec(rest);
    if (match === null) {
      throw new Error(`${String(form)} must be next in: ${rest}`);
    }
    rest = rest.slice(match[0].length);
    return match;
  };
  const [name] = take(metricName);
  const labels: Record<string, string> = {};
  if (rest.startsWith("{")) {
    take(/^\{/);
    while (!rest.startsWith("}")) {
      const [label] = take(labelName);
      take(/^=/);
      const [, value = ""] = take(labelValue);
      if (label in labels) {
        throw new Error(`the label ${label} is there twice: ${line}`);
      }
      labels[label] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
      take(/^(?:,|(?=\}))/);
    }
    take(/^\}/);
  }
  const [, value = ""] = take(/^ (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/);
  return { name, labels, value: Number(value) };
}
