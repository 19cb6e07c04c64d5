/** Texts that must stay text, whoever sends them: to Terraform, to cdktf, to a terminal, to a CI runner, to a browser. */
export const hostileTexts: readonly string[] = [
  '${file("/etc/hostname")}',
  '${filebase64("/proc/self/environ")}',
  "$${file(1)}",
  "$$${path.cwd}",
  "%{ if true }x%{ endif }",
  "%%{ if true }",
  "${TfToken[TOKEN.0]}",
  "x${TfToken[TOKEN.1]}y",
  "$${TfToken[TOKEN.0]}",
  "#{TfToken[TOKEN.0]}",
  "&{TfToken[TOKEN.0]}",
  "String Map Token Value",
  "Any Map Token Value",
  "-123456789",
  "-1.8881545897087503e+298",
  "8-1.8881545897087505e298",
  "x-1.8881545897087504e+298",
  `-${"1".repeat(200)}e98`,
  'a"b',
  "a\\b",
  "a`id`b",
  "$(id)",
  "a{b}",
  "a\nb",
  "a\r\n::error::b",
  "::error::b",
  "##vso[task.setvariable variable=x]y",
  "##[command]x",
  "##teamcity[x]",
  "\u001b]0;title\u0007",
  "\u001b[2J",
  "a\u0000b",
  "a\u0085b",
  "a\u009b31mb",
  "a\u202eb",
  "a\u2066b",
  "a\u2028b",
  "a\ud800b",
  "<script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "x".repeat(10_000),
];

/** Whether a fact may become part of the text that Terraform, cdktf or a terminal reads. */
export function mayBeRead(fact: string): boolean {
  const numbers = [...fact.matchAll(/-[\d.]+e\+?\d+/gi)].map(([number]) => Number.parseFloat(number));
  return (
    !/[$%{}"\\`]|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(fact) && numbers.every((number) => number > -1e200)
  );
}
