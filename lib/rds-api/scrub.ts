const hidden = "(hidden)";

const maxLength = 300;

/** Shapes of what must not leave the process, whoever put it into a message. */
const secretForms: readonly (readonly [form: RegExp, replacement: string])[] = [
  // The string to sign, which the cloud repeats when a signature does not match.
  [/\b(?:GET|POST)&%2F&\S*/gi, hidden],
  [/(string to sign|stringToSign)\s*(?:is)?\s*[:=].*$/gis, `$1 ${hidden}`],
  [
    /\b(AccessKeyId|OSSAccessKeyId|AccessKeySecret|SecurityToken|security-token|Signature|SignatureNonce)(=|%3D|"?\s*:\s*"?)[^\s&"',;]*/gi,
    `$1$2${hidden}`,
  ],
  // Alibaba's access key ids, and the query of any link.
  [/\b(?:LTAI|STS\.)[A-Za-z0-9.]{8,}/g, hidden],
  [/(https?:\/\/[^\s?"']*)\?[^\s"']*/gi, `$1?${hidden}`],
];

/**
 * Makes a message safe to show: credentials, signatures and signed links are hidden, and it is one line of at
 * most 300 characters.
 *
 * @param secrets values that this process knows to be secret
 */
export function scrub(message: string, secrets: readonly string[] = []): string {
  let text = message;
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret)]) {
      text = form === "" ? text : text.replaceAll(form, hidden);
    }
  }
  for (const [form, replacement] of secretForms) {
    text = text.replace(form, replacement);
  }
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}
