import { join } from "node:path";
import { type Simulator, startSimulator } from "../lib/simulator";
import { environmentOf, projectRoot, readText, runCli, temporaryFolders } from "./fixtures";
import { parseExposition } from "./report/exposition";
import { fleet } from "./report/fleet";

const temporaryFolder = temporaryFolders();
const example = join(projectRoot, "examples", "fleet");
const rules = readText(example, "prometheus", "alerts.yml");
const alerts = rules.split(/^ {6}- alert: /m).slice(1);

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly datasource: unknown;
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly targets: readonly { readonly expr: string; readonly refId: string; readonly datasource: unknown }[];
}

const dashboardText = readText(example, "grafana", "dashboard.json");
const dashboard = JSON.parse(dashboardText) as {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
};

const matches = (text: string, form: RegExp): readonly string[] =>
  [...text.matchAll(form)].map(([, name = ""]) => name);
const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

/** The labels that a text of PromQL, of a template or of a variable names. */
function labelsIn(text: string): readonly string[] {
  const lists = matches(text, /\b(?:by|on) \(([^)]+)\)/g).flatMap((list) => list.split(", "));
  const matchers = matches(text, /\{([^{}]*)\}/g).flatMap((list) => matches(list, /(\w+)(?:=~?|!=|!~)"/g));
  const others = [/\$labels\.(\w+)/g, /"\{\{(\w+)\}\}"/g, /label_values\(\w+, (\w+)\)/g];
  return [...lists, ...matchers, ...others.flatMap((form) => matches(text, form))];
}

describe("the alerts and the dashboard", () => {
  let simulator: Simulator;
  let metrics: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    simulator = await startSimulator({ world: fleet });
    const cwd = temporaryFolder();
    const args = ["--region-id", "cn-hangzhou", "--restore-region", "cn-shanghai", "--max-age-hours", "26", "--all"];
    await runCli(["report", ...args, "--prometheus", "fleet.prom"], { cwd, environment: environmentOf(simulator.url) });
    const samples = parseExposition(readText(cwd, "fleet.prom"));
    metrics = new Map(samples.map(({ name, labels }) => [name, Object.keys(labels)]));
  });

  afterAll(() => simulator.stop());

  test("name only metrics that the report writes, and show each of them", () => {
    const named = sorted(matches(rules + dashboardText, /\b(rds_dr_\w+)/g));

    // These two are only written if something is pinned, or if every state is known.
    const rare = ["rds_dr_pinned_since_timestamp_seconds", "rds_dr_last_success_timestamp_seconds"];
    expect(named).toEqual(sorted([...metrics.keys(), ...rare]));
    expect(readText(projectRoot, "docs", "report.md")).toEqual(
      expect.stringMatching(new RegExp(named.map((name) => `(?=[^]*\\| \`${name}\`)`).join(""))),
    );
  });

  test("name only labels that the report writes", () => {
    const written = [...metrics.values()].flat();
    const named = labelsIn(rules + dashboardText.replaceAll('\\"', '"'));

    expect(named).toEqual(expect.arrayContaining(["state", "account_id", "restore_region", "reason"]));
    expect(named.filter((label) => !written.includes(label))).toEqual([]);
  });
});

describe("an alert", () => {
  test.each(alerts.map((alert) => [alert.slice(0, alert.indexOf("\n")), alert]))(
    "%s waits, has a severity and texts, and leads to its part of the guide",
    (name, alert) => {
      expect(alert).toMatch(/^ {8}for: \w+\n {8}labels:\n {10}severity: (?:critical|warning)$/m);
      expect(alert).toMatch(/^ {10}summary: ./m);
      expect(alert).toMatch(/^ {10}description: ./m);
      const [, page = "", anchor] = /^ {10}runbook_url: \S+\/blob\/main\/(\S+)#(\S+)$/m.exec(alert) ?? [];
      expect(anchor).toBe(name.toLowerCase());
      expect(readText(projectRoot, page)).toContain(`\n### ${name}\n`);
    },
  );
});

const policy = readText(example, "policy", "restores.rego");

test.each([
  [policy, /^max_data_age_hours := (\d+)$/m, (hours: string) => `older than ${hours} hours`],
  [policy, /^max_pin_age_days := (\d+)$/m, (days: string) => `older than ${days} days`],
  [policy, /^min_days_left := (\d+)$/m, (days: string) => `deletes within ${days} days`],
  [rules, /success_timestamp_seconds > (\d+) \* 3600$/m, (hours: string) => `every state for ${hours} hours`],
  [rules, /pinned_since_timestamp_seconds > (\d+) \* 86400$/m, (days: string) => `not changed for ${days} days`],
  [
    rules,
    /expiry_timestamp_seconds - time\(\) < (\d+) \* 86400$/m,
    (days: string) => `newest copy within ${days} days`,
  ],
])("the guide has the limits of the policy and of the alerts (%#)", (text, form, words) => {
  const [, limit = ""] = form.exec(text) ?? [];

  expect(readText(projectRoot, "docs", "fleet.md").replace(/\s+/g, " ")).toContain(words(limit));
});

describe("the dashboard", () => {
  test("can be imported: a fixed id, and a data source that its reader chooses", () => {
    expect(dashboard).toMatchObject({ uid: "rds-dr-fleet", schemaVersion: 39 });
    expect(dashboard.templating.list[0]).toMatchObject({ name: "datasource", type: "datasource", query: "prometheus" });
    const sources = dashboard.panels.flatMap(({ datasource, targets }) => [
      datasource,
      ...targets.map((target) => target.datasource),
    ]);
    expect(sources.filter((source) => (source as { readonly uid: string }).uid !== "${datasource}")).toEqual([]);
  });

  test("has panels that do not overlap, each with an id of its own", () => {
    const { panels } = dashboard;
    const overlaps = panels.flatMap(({ title, gridPos: a }, index) =>
      panels
        .slice(index + 1)
        .filter(({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
        .map((other) => [title, other.title]),
    );

    expect(overlaps).toEqual([]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
  });

  test("names each column of its table, and sorts by one of them", () => {
    const table = dashboard.panels.find(({ targets }) => targets.length > 1);
    const values = table?.targets.map(({ refId }) => `Value #${refId}`) ?? [];
    const { transformations } = table as unknown as {
      readonly transformations: readonly { readonly options: object }[];
    };
    const [, organise, sort] = transformations.map(({ options }) => options as Record<string, object>);

    const names = organise?.["renameByName"] as Readonly<Record<string, string>>;
    expect(Object.keys(names)).toEqual(expect.arrayContaining(values));
    expect(Object.keys(organise?.["indexByName"] ?? {})).toEqual(expect.arrayContaining(Object.keys(names)));
    expect(sort).toEqual({ sort: [{ field: names["Value #A"], desc: true }] });
  });
});
