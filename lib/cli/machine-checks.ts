import { hoursBetween, type Instant } from "../backup/instant";
import { isObject } from "../backup/json-object";
import { readLock, shownPath } from "../lock/lock-file";
import { explainExpiry, type Lock } from "../lock/locked-answers";
import { contextKey, type Settings } from "../lock/settings";
import { proxyVariables } from "../rds-api/proxy";
import { shownValue } from "../validation/checks";
import { scrub } from "../validation/printable";
import { failed, failureOf, type Finding, ok, warning } from "./finding";
import type { Io } from "./io";
import { readProjectContext } from "./options";

const hoursPerDay = 24;

/** Variables that change what the package does. Those that contain credentials are not among them. */
const settingVariables = [
  "RDS_DR_MODE",
  "RDS_DR_LOCK_FILE",
  "RDS_DR_ACCEPT_OLDER",
  "RDS_DR_ON_STALE",
  "RDS_DR_DEADLINE_SECONDS",
  "RDS_DR_CONCURRENCY",
  "RDS_DR_ENDPOINT",
  "RDS_DR_RESTORE_ENDPOINT",
  "RDS_DR_ALLOW_HTTP",
  "ALIBABA_CLOUD_ENDPOINT_RDS",
  "ALIBABA_CLOUD_ENDPOINT_STS",
  "ALICLOUD_PROFILE",
  "ALIBABA_CLOUD_PROFILE",
  "ALICLOUD_ASSUME_ROLE_ARN",
  "ALIBABA_CLOUD_ROLE_ARN",
];

/**
 * The settings that are set, each with its place, and the variables of proxies without user and password.
 *
 * @param fault why the settings cannot be read, if so
 */
export function checkSettings(fault: Error | undefined, folder: string, { environment }: Io): readonly Finding[] {
  if (fault !== undefined) {
    return [failed("settings", failureOf(fault)), ...proxyFindings()];
  }
  const ofVariables = settingVariables
    .filter((name) => (environment[name] ?? "") !== "")
    .map((name) => {
      const value = environment[name] ?? "";
      const facts = { name, value: scrub(value), place: "environment" };
      return ok("settings", `the variable ${name} is ${shownValue(value)}`, facts);
    });
  const project = readProjectContext(folder);
  const ofContext = Object.entries(isObject(project?.settings) ? project.settings : {})
    .filter(([name]) => name !== "answers")
    .map(([name, value]) => {
      const place = project?.file ?? "";
      const message = `"${name}" in the context "${contextKey}" of ${place} is ${shownValue(value)}`;
      return ok("settings", message, { name, value: scrub(String(value)), place });
    });
  const set = [...ofVariables, ...ofContext];
  return [...(set.length === 0 ? [ok("settings", "all have their defaults")] : set), ...proxyFindings()];
}

function proxyFindings(): readonly Finding[] {
  return proxyVariables().map(([name, shown]) => {
    const value = scrub(shown);
    return ok("proxy", `the variable ${name} is ${value}`, { name, value });
  });
}

/** The locked answers: where they are, how many, how old, and which of them expire. */
export function examineLockFile(
  settings: Settings,
  now: Instant,
  { cwd }: Io,
): { readonly findings: readonly Finding[]; readonly lock: Lock | undefined } {
  try {
    const lock = readLock(settings, cwd);
    return { lock, findings: [lockFinding(lock, settings, now, cwd), ...expiryFindings(lock, now)] };
  } catch (error) {
    return { lock: undefined, findings: [failed("lock-file", failureOf(error))] };
  }
}

function lockFinding(lock: Lock, { answers, lockFile }: Settings, now: Instant, cwd: string): Finding {
  const entries = Object.values(lock.answers);
  const path = answers !== undefined || lockFile === undefined ? undefined : shownPath(lockFile, cwd);
  if (entries.length === 0) {
    const message = `no answer is locked${lock.place}, so in an outage there is none to use`;
    return warning("lock-file", message, lock.remedy, { path: path ?? null, answers: 0, pins: 0 });
  }
  const pins = entries.filter(({ pin }) => pin !== undefined).length;
  const changes = entries.flatMap(({ changedAt }) => changedAt ?? []).sort();
  const [oldest, newest] = [changes[0], changes.at(-1)];
  const ages =
    oldest === undefined || newest === undefined
      ? ""
      : `; the oldest changed at ${ageText(oldest, now)}, the newest at ${ageText(newest, now)}`;
  const facts = {
    path: path ?? null,
    answers: entries.length,
    pins,
    oldestChangedAt: oldest ?? null,
    newestChangedAt: newest ?? null,
  };
  const place = path ?? `the context "${contextKey}"`;
  return ok("lock-file", `${place} has ${countOf(entries.length, "answer")}, ${pins} pinned${ages}`, facts);
}

/** One finding for all that expire: a thousand lines would hide everything else. */
function expiryFindings({ answers }: Lock, now: Instant): readonly Finding[] {
  const texts = Object.values(answers).flatMap(({ backup, retentionDays }) =>
    backup === undefined || backup === null ? [] : (explainExpiry(backup, retentionDays, now) ?? []),
  );
  const [first] = texts;
  if (first === undefined) {
    return [];
  }
  const [finding = "", hint = ""] = first.split(": ");
  const others = texts.length === 1 ? "" : ` (the first of ${texts.length} such answers)`;
  return [warning("lock-file", `${finding}${others}`, hint, { expiring: texts.length })];
}

function ageText(instant: Instant, now: Instant): string {
  const hours = Math.max(0, Math.floor(hoursBetween(instant, now)));
  const age = hours < 2 * hoursPerDay ? countOf(hours, "hour") : countOf(Math.floor(hours / hoursPerDay), "day");
  return `${instant} (${age} ago)`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
