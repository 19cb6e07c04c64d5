import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { AxeResults, RunOptions } from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { FaultKind, startSimulator, type World } from "../../lib/simulator";
import { environmentOf, runCli, temporaryFolders } from "../fixtures";
import { copied, daily, fleet, largeFleet } from "./fleet";

// The page in a real browser. PICTURES=docs writes the pictures of the documents.

const executablePath = "/usr/bin/chromium";
const testInBrowser = existsSync(executablePath) ? test : test.skip;

const temporaryFolder = temporaryFolders();
let browser: Browser | undefined;

beforeAll(async () => {
  if (existsSync(executablePath)) {
    const quiet = ["background-networking", "component-update", "gpu", "quic", "sync"].map(
      (each) => `--disable-${each}`,
    );
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--no-first-run", ...quiet] });
  }
});

afterAll(() => browser?.close());

/** The address of the page of a world. */
async function pageOf(world: World): Promise<string> {
  const simulator = await startSimulator({ world });
  simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionBackups", dbInstanceId: "rm-denied" });
  const cwd = temporaryFolder();
  const args = ["--region-id", "cn-hangzhou", "--restore-region", "cn-shanghai", "--max-age-hours", "26", "--all"];
  try {
    const environment = { ...environmentOf(simulator.url), RDS_DR_DEADLINE_SECONDS: "300" };
    await runCli(["report", ...args, "--html", "fleet.html"], { cwd, environment });
  } finally {
    await simulator.stop();
  }
  return pathToFileURL(join(cwd, "fleet.html")).href;
}

/** Opens a page, and returns what the browser complains about or asks for besides. */
async function open(
  address: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<readonly string[]> {
  const context = await browser?.newContext(options);
  const page = await context?.newPage();
  if (page === undefined) {
    throw new Error("there is no browser");
  }
  const found: string[] = [];
  page.on("console", (message) => found.push(message.text()));
  page.on("pageerror", (error) => found.push(error.message));
  page.on("dialog", (dialog) => {
    found.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== address) {
      found.push(request.url());
    }
  });
  await page.goto(address);
  await look(page);
  await context?.close();
  return found;
}

const views = [1_280, 400].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ viewport: { width, height: 860 }, colorScheme })),
);

testInBrowser.each(views)("axe finds nothing to mend at $viewport.width pixels, $colorScheme", async (view) => {
  const address = await pageOf(fleet);

  await open(address, { ...view, bypassCSP: true }, async (page) => {
    await page.addScriptTag({ path: require.resolve("axe-core") });
    const results = await page.evaluate(
      (options) =>
        (globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } }).axe.run(options),
      { resultTypes: ["violations"] } satisfies RunOptions,
    );
    expect(results.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(results.passes.length).toBeGreaterThan(10);
  });
});

describe("of 1,000 instances", () => {
  let address: string;

  beforeAll(async () => {
    address = await pageOf(largeFleet(1_000));
  }, 300_000);

  test("takes less than 5 MB, whatever shows it", () => {
    const { size } = statSync(fileURLToPath(address));

    expect(size).toBeGreaterThan(1_000_000);
    expect(size).toBeLessThan(5_000_000);
  });

  testInBrowser.each(views)(
    "needs no script and no request, and fits $viewport.width pixels, $colorScheme",
    async (view) => {
      const { width } = view.viewport;

      const complaints = await open(address, { ...view, javaScriptEnabled: false }, async (page) => {
        expect(await page.locator("tbody tr").count()).toBe(1_000);
        expect(await page.locator(".lost li b").allInnerTexts()).toEqual([
          ...["rm-uf6000001", "rm-uf6000401", "rm-uf6000801", "rm-uf6000005", "rm-uf6000405"],
        ]);
        const table = await page.locator("table").first().boundingBox();
        expect((table?.x ?? 0) + (table?.width ?? Infinity)).toBeLessThanOrEqual(width);
        const pictures = process.env["PICTURES"];
        if (pictures !== undefined) {
          await page.screenshot({ path: join(pictures, `report-${width}-${view.colorScheme}.png`) });
        }
      });

      expect(complaints).toEqual([]);
    },
  );
});

testInBrowser("shows hostile names as text, and runs none of them", async () => {
  const names = [
    "<script>alert(1)</script>",
    '"onload="alert(1)',
    "<img src=x onerror=alert(1)>",
    "</style><svg/onload=alert(1)>",
  ];
  const address = await pageOf({
    instances: names.map((DBInstanceDescription, index) =>
      copied(`rm-odd-${index}`, [daily(2, 100)], { policy: { DBInstanceDescription } }),
    ),
  });

  const complaints = await open(address, {}, async (page) => {
    const text = await page.locator("tbody").innerText();
    for (const name of names) {
      expect(text).toContain(name);
    }
    expect(await page.locator("script, img, [onload], [onerror]").count()).toBe(0);
  });

  expect(complaints).toEqual([]);
});

testInBrowser("can be read with the keyboard: what was rejected opens at the key Enter", async () => {
  const address = await pageOf(fleet);

  await open(address, {}, async (page) => {
    const details = page.locator("details").first();
    await details.locator("summary").focus();
    await page.keyboard.press("Enter");
    expect(await details.locator("li").first().isVisible()).toBe(true);
  });
});
