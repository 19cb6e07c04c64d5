import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FaultKind, type Simulator, startSimulator } from "../../lib/simulator";
import {
  cliMain,
  environmentOf,
  type Finished,
  hoursOld,
  readText,
  runCli,
  spawnCli,
  temporaryFolders,
} from "../fixtures";
import { copied, daily, fleet } from "./fleet";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;
let cwd: string;

beforeAll(async () => {
  simulator = await startSimulator({ world: fleet });
});

beforeEach(() => {
  cwd = temporaryFolder();
  simulator.setWorld(fleet);
  simulator.clearFaults();
});

afterAll(() => simulator.stop());

const args = ["--region-id", "cn-hangzhou", "--restore-region", "cn-shanghai", "--max-age-hours", "26"];

/** Writes the page of the simulator's world. */
async function pageOf(more: readonly string[] = []): Promise<Finished & { readonly page: string }> {
  const finished = await runCli(["report", ...args, "--html", "fleet.html", ...more], {
    cwd,
    environment: environmentOf(simulator.url),
  });
  return { ...finished, page: readText(cwd, "fleet.html") };
}

/** What a reader sees of HTML, on one line. */
function seen(markup: string): string {
  const text = markup.replace(/<style>[^]*?<\/style>/g, "").replace(/<[^>]*>/g, " ");
  const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name] ?? "").replace(/\s+/g, " ");
}

/** The rows of the tables, by the ids of their instances, in their order. */
function rowsOf(page: string): ReadonlyMap<string, string> {
  const rows = page.match(/<tr role="row"> <th role="rowheader"[^]*?<\/tr>/g) ?? [];
  return new Map(rows.map((row) => [/<b>([^<]*)<\/b>/.exec(row)?.[1] ?? "", row]));
}

test("shows how many instances are in each state, and the worst first", async () => {
  simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionBackups", dbInstanceId: "rm-denied" });

  const { code, page } = await pageOf(["--all"]);

  expect(code).toBe(4);
  expect(seen(page)).toContain("1 not restorable 1 unprotected 1 unknown 3 at risk 1 ready");
  expect([...rowsOf(page).keys()]).toEqual([
    ...["rm-failed", "rm-bare", "rm-denied", "rm-old", "rm-off", "rm-short", "rm-ready"],
  ]);
  expect(seen(rowsOf(page).get("rm-failed") ?? "")).toContain("rejected: 1 not-successful, 1 other-restore-region");
});

test("names on top what would be lost, and why", async () => {
  const { page } = await pageOf(["--all"]);

  expect(seen(page)).toMatch(
    /All times are UTC\..* 2 database instances would be lost if their region failed now rm-failed of cn-hangzhou: no backup of it can be restored: 1 not-successful, 1 other-restore-region rm-bare of cn-hangzhou: RDS copies none .* 1 not restorable 1 unprotected /,
  );
});

test("says on top that nothing would be lost", async () => {
  simulator.setWorld({ instances: [copied("rm-ready", [daily(2, 1_000)])] });

  expect(seen((await pageOf(["--all"])).page)).toContain(
    "No database instances would be lost if their region failed now ",
  );
});

test("says that nobody looked for unprotected instances", async () => {
  const { page } = await pageOf();

  expect(seen(page)).toContain("failed now; instances without copies were not looked for");
  expect(seen(page)).toContain("? unprotected not looked for: add --all");
});

test("has the numbers of lookup --json", async () => {
  const { page } = await pageOf();
  const asked = ["--db-instance-id", "rm-ready", "rm-old", "rm-off", "rm-short", ...args, "--window", "--json"];
  const { stdout } = await runCli(["lookup", ...asked], { environment: environmentOf(simulator.url) });

  type Backup = Readonly<Record<"crossBackupId" | "dataTime" | "recoverableUntil", string>>;
  const { lookups } = JSON.parse(stdout) as { readonly lookups: readonly { dbInstanceId: string; backup: Backup }[] };
  expect(lookups).toHaveLength(4);
  for (const { dbInstanceId, backup } of lookups) {
    const row = seen(rowsOf(page).get(dbInstanceId) ?? "");
    for (const time of [backup.dataTime, backup.recoverableUntil]) {
      expect(row).toContain(time.replace("T", " ").replace("Z", ""));
    }
    expect(row).toContain(`backup ${backup.crossBackupId}`);
  }
});

test("needs no network and no script", async () => {
  const { page } = await pageOf();

  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/i);
});

test("says that a simulator is not production", async () => {
  const { page } = await pageOf();

  expect(seen(page)).toContain(`Not production. ${simulator.url} answered in place of Alibaba Cloud.`);
});

test("says which region could not be listed", async () => {
  simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionBackupDBInstance" });

  const { code, page } = await pageOf();

  expect(code).toBe(4);
  expect(seen(page)).toMatch(/Not complete\. cannot look up the instances of cn-hangzhou: .*Forbidden\.RAM/);
});

test.each([
  "<script>alert(1)</script>",
  '"onload="alert(1)',
  "'><svg onload=alert(1)>",
  "</style><b>",
  "&lt;b&gt;",
  "${x}",
])("shows the name %j as text", async (name) => {
  simulator.setWorld({ instances: [copied("rm-odd", [daily(2, 1)], { policy: { DBInstanceDescription: name } })] });

  const { page } = await pageOf();

  expect(seen(rowsOf(page).get("rm-odd") ?? "")).toContain(` ${name} `);
  expect(page.match(/<script|<b>|<svg [^>]*onload|<\/style>/g)?.length).toBe(
    (await pageWithName("orders")).match(/<script|<b>|<svg [^>]*onload|<\/style>/g)?.length,
  );
});

async function pageWithName(DBInstanceDescription: string): Promise<string> {
  simulator.setWorld({ instances: [copied("rm-odd", [daily(2, 1)], { policy: { DBInstanceDescription } })] });
  return (await pageOf()).page;
}

test("shows gaps in the logs, and says to a screen reader what a timeline shows", async () => {
  const log = { CrossBackupRegion: "cn-shanghai" };
  simulator.setWorld({
    instances: [
      copied("rm-gap", [daily(10, 100, 5), { ...hoursOld(30, 50), BackupSetStatus: 1 }], {
        logs: [
          { ...log, CrossLogBackupId: 1, LogBeginTime: "now-11h", LogEndTime: "now-8h" },
          { ...log, CrossLogBackupId: 2, LogBeginTime: "now-5h", LogEndTime: "now-1h" },
        ],
      }),
    ],
  });

  const { page } = await pageOf();
  const row = rowsOf(page).get("rm-gap") ?? "";

  expect(row).toMatch(/role="img" aria-label="Backups since [\d-]+: 5 valid, 1 rejected, 1 gap in the logs"/);
  expect(seen(page)).toMatch(/1 instance with gaps in the logs rm-gap of cn-hangzhou: no log from/);
  expect(seen(row)).toMatch(/no log from [\d-]+ [\d:]+ to [\d-]+ [\d:]+/);
  for (const colour of ["chosen", "valid", "bad", "logs", "text"]) {
    expect(row).toMatch(new RegExp(`(?:fill|stroke)="var\\(--${colour}\\)"`));
  }
});

test("is written by the command as it is installed", async () => {
  const { code, stderr } = await spawnCli(["report", ...args, "--html", "fleet.html"], {
    cwd,
    environment: environmentOf(simulator.url),
  });

  expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
  // No other command pays for what draws charts.
  expect(readText(cliMain)).not.toContain("zrender");
  expect(rowsOf(readText(cwd, "fleet.html")).size).toBe(6);
});

test("leaves a page that is there alone if the new one cannot be written", async () => {
  writeFileSync(join(cwd, "file"), "");

  expect(
    await runCli(["report", ...args, "--html", "file/fleet.html"], {
      cwd,
      environment: environmentOf(simulator.url),
    }),
  ).toMatchObject({ code: 2, stderr: expect.stringMatching(/--html must be a file that can be written/) as string });
});
