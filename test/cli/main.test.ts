import { projectRoot, readText, runCli } from "../fixtures";

test("--version prints the version of the package", async () => {
  const { version } = JSON.parse(readText(projectRoot, "package.json")) as { readonly version: string };

  expect(await runCli(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("--help lists the commands and what the exit codes mean", async () => {
  const { code, stdout } = await runCli(["--help"]);

  expect(code).toBe(0);
  expect(stdout).toMatch(/lookup [^]*list [^]*simulate [^]*Exit codes:\n {2}0 done; 1 [^]*6 locked/);
});

test.each(["lookup", "list", "refresh", "pin", "unpin", "check", "policy", "simulate"])(
  "%s --help ends with an example",
  async (command) => {
    const { code, stdout } = await runCli([command, "--help"]);

    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`\nExample:\n  rds-dr ${command} --.+\n$`));
  },
);

test.each([[[]], [["nope"]]])("%j is a usage error, told on standard error", async (args) => {
  const { code, stdout, stderr } = await runCli(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/Usage: rds-dr|unknown command 'nope'/);
});
