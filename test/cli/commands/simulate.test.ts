import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { cliMain, runCli, temporaryFolders, testWorld } from "../../fixtures";

const temporaryFolder = temporaryFolders();

test.each(["SIGTERM", "SIGINT"] as const)(
  "prints the lines that point every tool at it, and stops on %s",
  async (signal) => {
    // GIVEN
    const folder = temporaryFolder();
    const world = join(folder, "world.json");
    writeFileSync(world, JSON.stringify(testWorld));
    const child = spawn(process.execPath, [cliMain, "simulate", "--world", world]);
    const [printed] = (await once(child.stdout, "data")) as [Buffer];

    // WHEN the lines are taken over by another process
    const environment = Object.fromEntries(
      [...printed.toString().matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
    );
    const answer = await runCli(["lookup", "--db-instance-id", "rm-billing", "--region-id", "cn-hangzhou"], {
      cwd: folder,
      environment,
    });
    child.kill(signal);
    const [code] = (await once(child, "exit")) as [number | null];

    // THEN
    expect(Object.keys(environment)).toEqual([
      "RDS_DR_ENDPOINT",
      "ALIBABA_CLOUD_ACCESS_KEY_ID",
      "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ]);
    expect(answer.stdout).toMatch(/^rm-billing \(cn-hangzhou\): 201\n/);
    expect(code).toBe(0);
  },
);

test.each<[readonly string[], RegExp]>([
  [["--port", "99999"], /'--port <port>' argument '99999' is invalid. It must be a whole number from 0 to 65535/],
  [["--port", "x"], /'--port <port>' argument 'x' is invalid. It must be a number/],
  [["--latency-ms", "-5"], /'--latency-ms <ms>' argument '-5' is invalid/],
  [["--requests-per-second", "0"], /'--requests-per-second <number>' argument '0' is invalid/],
  [["--world", "/nowhere/world.json"], /^error: can't read the world file "\/nowhere\/world.json"/],
])("%j is a usage error without a stack", async (args, message) => {
  const { code, stdout, stderr } = await runCli(["simulate", ...args]);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("so is a port that is taken", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const { code, stderr } = await runCli(["simulate", "--port", String(port)]);
  server.close();

  expect(code).toBe(2);
  expect(stderr).toMatch(new RegExp(`^error: .*EADDRINUSE.*:${port}`));
  expect(stderr).toMatch(
    /\n {2}-> another program listens on port \d+: use another one, such as --port \d+, or --port 0/,
  );
});
