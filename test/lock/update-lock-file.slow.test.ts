import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, lutimesSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readLockFile } from "../../lib/lock/lock-file";
import type { LockedAnswers } from "../../lib/lock/locked-answers";
import { updateLockFile } from "../../lib/lock/update-lock-file";
import { type Simulator, startSimulator } from "../../lib/simulator";
import {
  cliMain,
  environmentOf,
  type Finished,
  hoursOld,
  instance,
  isolateEnvironment,
  projectRoot,
  readText,
  runCli,
  temporaryFolders,
} from "../fixtures";
import { runCliWithMounts, testWithMounts } from "../mounts";
import { answersOf, lockFileName, writeLockFile } from "./written-lock-file";

isolateEnvironment();

const temporaryFolder = temporaryFolders();

/** A folder with a lock file in it. */
function folderWith(answers: LockedAnswers): { readonly folder: string; readonly path: string } {
  const folder = temporaryFolder();
  return { folder, path: writeLockFile(folder, answers) };
}

const preamble = `
  const { updateLockFile } = require(${JSON.stringify(join(projectRoot, "dist", "lib", "lock", "update-lock-file.js"))});
  const path = process.argv[1];
  const answersOf = ${answersOf.toString()};
`;

/** Starts a process that runs this script with the path of a lock file; says `ready` when it says so. */
function start(script: string, path: string): ChildProcess {
  return spawn(process.execPath, ["-e", preamble + script, path], { stdio: ["ignore", "pipe", "inherit"] });
}

/** Rewrites the whole lock file as often as it can: all notes are one, at every moment. */
const rewriteAllTheTime = `
  (async () => {
    for (let turn = 0; ; turn++) {
      await updateLockFile(path, () => answersOf(200, "turn-" + turn));
      if (turn === 1) {
        console.log("ready");
      }
    }
  })();
`;

/** Holds the lock until it is killed, or for so many milliseconds. */
const hold = (ms: number): string => `
  updateLockFile(path, () => {
    console.log("ready");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${ms});
    return answersOf(1, "held");
  });
`;

async function ready(child: ChildProcess): Promise<void> {
  if (child.stdout === null) {
    throw new Error("its standard output is not read");
  }
  await once(child.stdout, "data");
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const closed = once(child, "close");
  child.kill(signal);
  await closed;
}

test("ten processes that refresh one lock file at once lose none of their answers", async () => {
  const ids = Array.from({ length: 10 }, (_, index) => `rm-parallel${index}`);
  const simulator = await startSimulator({
    world: { instances: ids.map((id, index) => instance(id, [hoursOld(5, 100 + index)])) },
  });
  const folder = temporaryFolder();
  const environment = {
    ...environmentOf(simulator.url),
    RDS_DR_MODE: "refresh",
    RDS_DR_LOCK_FILE: lockFileName,
  };

  const finished = await Promise.all(
    ids.map((id) =>
      runCli(["lookup", "--db-instance-id", id, "--region-id", "cn-hangzhou"], { cwd: folder, environment }),
    ),
  );
  await simulator.stop();

  expect(finished.map(({ code }) => code)).toEqual(ids.map(() => 0));
  const { answers } = readLockFile(join(folder, lockFileName));
  expect(Object.entries(answers).map(([name, { backup }]) => [name, backup?.crossBackupId])).toEqual(
    ids.map((id, index) => [`latest ${id} regionId=cn-hangzhou`, String(100 + index)]),
  );
  expect(readdirSync(folder)).toEqual([lockFileName]);
});

describe("the turn of another process", () => {
  test("is waited for while that one lives", async () => {
    const { folder, path } = folderWith(answersOf(1, "old"));
    const other = start(hold(1_000), path);
    await ready(other);

    const { before } = await updateLockFile(path, () => answersOf(1, "mine"));

    expect(before).toEqual(answersOf(1, "held"));
    expect(readLockFile(path).answers).toEqual(answersOf(1, "mine"));
    expect(readdirSync(folder)).toEqual([lockFileName]);
  });

  test("is over if that process is dead, which only its silence shows", async () => {
    const { folder, path } = folderWith(answersOf(1, "old"));
    const other = start(hold(60_000), path);
    await ready(other);
    await end(other, "SIGKILL");
    expect(existsSync(`${path}.lock`)).toBe(true);

    const started = Date.now();
    await updateLockFile(path, () => answersOf(1, "mine"));

    expect(Date.now() - started).toBeGreaterThan(1_000);
    expect(readLockFile(path).answers).toEqual(answersOf(1, "mine"));
    expect(readdirSync(folder)).toEqual([lockFileName]);
  });
});

test("a process killed at any moment leaves the old file or the new one, whole", async () => {
  const { folder, path } = folderWith(answersOf(200, "first"));
  const seen = new Set<string | undefined>();
  for (let kill = 0; kill < 25; kill++) {
    // A dead process holds its turn for seconds, which is not what this test is about.
    for (const leftOver of readdirSync(folder).filter((name) => name === `${lockFileName}.lock`)) {
      utimesSync(join(folder, leftOver), 1_000_000_000, 1_000_000_000);
    }
    const child = start(rewriteAllTheTime, path);
    await ready(child);
    await sleep(Math.random() * 30);
    await end(child, "SIGKILL");

    const notes = Object.values(readLockFile(path).answers).map(({ backup }) => backup?.crossBackupSetFile);
    expect(notes).toHaveLength(200);
    expect(new Set(notes).size).toBe(1);
    seen.add(notes[0]);
  }
  expect(seen.size).toBeGreaterThan(1);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "a process that %s ends while it holds its turn leaves the old file, and nothing beside it",
  async (signal) => {
    const { folder, path } = folderWith(answersOf(1, "old"));
    const before = readText(path);
    const script = `
      updateLockFile(path, () => {
        process.kill(process.pid, "${signal}");
        return answersOf(200, "new");
      }).then(() => setTimeout(() => undefined, 60_000));
    `;
    for (let turn = 0; turn < 5; turn++) {
      const child = start(script, path);
      await once(child, "close");

      expect(child.signalCode).toBe(signal);
      expect(readText(path)).toBe(before);
      expect(readdirSync(folder)).toEqual([lockFileName]);
    }
  },
);

test("a disk that is full leaves the old file, and a clear error: code 2", async () => {
  const { folder, path } = folderWith(answersOf(200, "old"));
  const before = readText(path);
  const simulator = await startSimulator({ world: { instances: [instance("rm-orders", [hoursOld(5, 1)])] } });
  // A limit on the size of files needs no disk that is full; but for its signal, a write fails in the same way.
  const unharmed = join(temporaryFolder(), "unharmed.js");
  writeFileSync(unharmed, 'process.on("SIGXFSZ", () => undefined);');
  const lookup = ["lookup", "--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"];

  const { code, stdout, stderr } = await run(
    spawn(
      "bash",
      ["-c", 'ulimit -f 8; exec "$@"', "bash", process.execPath, "--require", unharmed, cliMain, ...lookup],
      {
        cwd: folder,
        env: {
          ...process.env,
          ...environmentOf(simulator.url),
          RDS_DR_MODE: "refresh",
          RDS_DR_LOCK_FILE: path,
        },
      },
    ),
  );
  await simulator.stop();

  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: "",
    stderr: `error: ${path} must be a file that can be written, in a folder that is there and can be written as well, but is "EFBIG" (file too large)\n`,
  });
  expect(readText(path)).toBe(before);
  expect(readdirSync(folder)).toEqual([lockFileName]);
});

test.each<[string, (folder: string) => string, string]>([
  ["is not there", (folder) => join(folder, "nowhere", lockFileName), "ENOENT"],
  ["is a file", (folder) => join(folder, "file", lockFileName), "ENOTDIR"],
])("a lock file whose folder %s is a clear error: code 2, and nothing is made", async (_, pathIn, code) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  const simulator = await startSimulator({ world: { instances: [instance("rm-orders", [hoursOld(5, 1)])] } });

  const finished = await runCli(["lookup", "--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"], {
    cwd: folder,
    environment: {
      ...environmentOf(simulator.url),
      RDS_DR_MODE: "refresh",
      RDS_DR_LOCK_FILE: pathIn(folder),
    },
  });
  await simulator.stop();

  expect(finished).toMatchObject({ code: 2, stdout: "" });
  expect(finished.stderr).toMatch(
    new RegExp(
      `^error: ${pathIn(folder)} must be a file that can be (?:read|written, in a folder .*), but is "${code}" \\(no[a-z ]+\\)\n$`,
    ),
  );
  expect(readdirSync(folder)).toEqual(["file"]);
});

test.each<[string, (path: string) => void]>([
  [
    "file",
    (path) => {
      writeFileSync(path, "");
    },
  ],
  [
    "folder with something in it",
    (path) => {
      mkdirSync(path);
      writeFileSync(join(path, "x"), "");
    },
  ],
  [
    "link that leads to itself",
    (path) => {
      symlinkSync(path, path);
    },
  ],
])("a %s in the place of the folder that holds the turn is named, and stays", async (_, plant) => {
  const { path } = folderWith(answersOf(1, "old"));
  const before = readText(path);
  plant(`${path}.lock`);
  // Only what has not been touched for a while is taken away.
  lutimesSync(`${path}.lock`, 0, 0);

  await expect(updateLockFile(path, () => answersOf(1, "new"))).rejects.toThrow(
    `remove ${path}.lock, which no process of this package made`,
  );
  expect(readText(path)).toBe(before);
});

describe("a mount", () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({ world: { instances: [instance("rm-orders", [hoursOld(5, 1)])] } });
  });
  afterAll(() => simulator.stop());

  testWithMounts.each<[string, (folder: string) => string, string, string, string]>([
    [
      "of the lock file alone says what to mount",
      (folder) => `mount --bind ${folder}/${lockFileName} ${folder}/${lockFileName}`,
      "EBUSY",
      "resource busy or locked",
      "a new file takes its place, so mount the folder that contains it, not the file alone",
    ],
    [
      "that is read-only is named",
      (folder) => `mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}`,
      "EROFS",
      "read-only file system",
      "its file system is read-only; mount it for writing, or name another lock file with RDS_DR_LOCK_FILE",
    ],
    [
      "that is full is named",
      (folder) =>
        [
          `cp ${folder}/${lockFileName} /mnt/old`,
          `mount -t tmpfs -o size=256k none ${folder}`,
          `mv /mnt/old ${folder}/${lockFileName}`,
          `{ cat /dev/zero > ${folder}/filler 2>/dev/null || true; }`,
        ].join(" && "),
      "ENOSPC",
      "no space left on device",
      "its disk is full; free some room, and try again",
    ],
  ])("%s: code 2, the old file stays, and nothing beside it", async (_, mount, code, words, remedy) => {
    const { folder, path } = folderWith(answersOf(200, "old"));
    const before = readText(path);
    const kept = temporaryFolder();
    // What is mounted is seen by the command alone: a trap copies what it left behind.
    const mounts = `mount -t tmpfs none /mnt && ${mount(folder)}; trap 'cp -r ${folder} ${kept}/left' EXIT; set +e; "$@"; exit $?`;

    const { code: exitCode, stderr } = await runCliWithMounts(
      mounts,
      ["lookup", "--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"],
      {
        cwd: "/",
        environment: { ...environmentOf(simulator.url), RDS_DR_MODE: "refresh", RDS_DR_LOCK_FILE: path },
      },
    );

    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `error: ${path} must be a file that can be written, in a folder that is there and can be written as well, but is "${code}" (${words}): ${remedy}\n`,
    });
    expect(readText(kept, "left", lockFileName)).toBe(before);
    expect(readdirSync(join(kept, "left")).filter((name) => name !== "filler")).toEqual([lockFileName]);
  });
});

/** Waits for the end of a process. */
async function run(child: ChildProcess): Promise<Finished> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (part) => (stdout += String(part)));
  child.stderr?.on("data", (part) => (stderr += String(part)));
  await once(child, "close");
  return { code: child.exitCode ?? -1, stdout, stderr };
}
