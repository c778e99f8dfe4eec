/**
 * Text from settings, command lines and errors without what must not leave the process: PEM blocks, encoded
 * keys, and passwords in URLs, connection strings and options.
 *
 * The rules look at form alone, so that they hold for every setting of every program. Text that has no such
 * form comes back as it is.
 */
export function publicText(text: string): string {
  if (!mayHoldSecret(text)) return text;
  return withoutCredentials(
    text.replaceAll(pemBlock, '(PEM withheld)').replaceAll(encoded, withholdEncoded),
  )
    .replaceAll(beforeAt, withholdUserInfo)
    .replaceAll(password, '$1***');
}

/**
 * The same for what this program wrote, which may have been edited since: names of files and certificates in it have
 * every other form.
 */
export function withoutCredentials(text: string): string {
  if (!mayHoldSecret(text)) return text;
  return text
    .replaceAll(pemBlock, '(PEM withheld)')
    .replaceAll(cutUserInfo, '://***')
    .replaceAll(userInfo, '://***@')
    .replaceAll(password, '$1***');
}

/** What at least one of the rules below needs; most text has none of it. */
function mayHoldSecret(text: string): boolean {
  return /-----|@|pass|pwd|user/i.test(text) || longRun.test(text);
}

/** Looked for where it begins: within a word, each character would be read forty times. */
const longRun = /(?<![\w+/-])[\w+/-]{40}/;

/** To its END or to the end of the text, whatever its label; line breaks may be written as `\n`. */
const pemBlock = /-----BEGIN .*?(?:-----END [^-\n]{0,64}(?:-----)?|$)/gs;

/** Base64, base64url and hex that is longer than a SHA-256 in hex or mixed as no word is. */
const encoded = /[A-Za-z0-9+/_-]{40,}={0,2}/g;

/** RFC 3986, 3.2.1; a password that is not escaped may hold `/`, and so reaches to the last `@`. */
const userInfo = /:\/\/(?:(?!:\/\/)[^\s"'`])*@/g;

/** The same where the next URL begins in front of the `@`, as in a line that was cut and glued together. */
const cutUserInfo = /:\/\/[^\s"'`@/:,;]+:[^\s"'`@/:,;]+(?=:\/\/)/g;

/** What stands in front of an `@` and may hold the same without a scheme: `root:password@10.0.0.1:2379`. */
const beforeAt = /(?<![^\s"'@`])[^\s"'@`]+@(?=[\w.[(])/g;

/** As etcdctl takes endpoints: a list, or the value of an option. */
function withholdUserInfo(run: string, at: number, text: string): string {
  const begins = text[at - 1] === '@' ? afterSeparator : userAndPassword;
  return run.replace(begins, '***@');
}

const userAndPassword = /(?<![^=,])[^=,/@:]+:(?!\/\/).+@$/s;
const afterSeparator = /(?<=[=,])[^=,/@:]+:(?!\/\/).+@$/s;

/** `--password=…`, `ETCDCTL_PASSWORD: …`, `password …`, `--user root:…`; not a sentence about passwords. */
const password =
  /((?:\b|_)(?:password|passwd|passphrase|pwd)["']?(?:\s*[=:]\s*|(?<=--password)\s+)["']?|(?:--user|\bETCDCTL_USER)["']?(?:\s+|\s*[=:]\s*)["']?[^\s:"']{1,1000}:)[^\s"']+/gi;

function withholdEncoded(run: string): string {
  return looksEncoded(run) ? `(${run.length} characters withheld)` : run;
}

/** Paths, host names and fingerprints are long as well. */
function looksEncoded(run: string): boolean {
  if (/^[0-9a-f]+$/i.test(run)) return run.length > 64;
  const share = (kind: RegExp): number => (run.match(kind)?.length ?? 0) / run.length;
  return share(/[A-Z]/g) > 0.15 && share(/[a-z]/g) > 0.15 && share(/\d/g) > 0.04;
}

/** The same for every text in plain data, but for the values under the keys named. */
export function publicData<Value>(
  value: Value,
  kept: ReadonlySet<string>,
  rule: (text: string) => string = publicText,
): Value {
  const copy = structuredClone(value);
  const unseen: unknown[] = [copy];
  const seen = new Set<unknown>();
  for (let holder = unseen.pop(); holder !== undefined; holder = unseen.pop()) {
    if (!isHolder(holder) || seen.has(holder)) continue;
    seen.add(holder);
    for (const [key, item] of Object.entries(holder)) {
      if (kept.has(key)) continue;
      if (typeof item === 'string') holder[key] = rule(item);
      else unseen.push(item ?? 'nothing');
    }
  }
  return copy;
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
