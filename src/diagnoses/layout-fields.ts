/** Fields that say when, where and in which process, and what users stored: not what happened. */
const silent = new Set(
  `ts time timestamp @timestamp level lvl severity caller source logger stacktrace stack v pid hostname
  request response header metadata kubernetes stdout stdout_lines stderr_lines log.level cmd
  local-member-id remote-peer-id remote-addr remote-address server-name ip-addresses dns-names`.split(
    /\s+/,
  ),
);

/** The message, then what is called an error, then all else as `name=value`. */
export function textOfFields(message: string, fields: ReadonlyMap<string, unknown>): string {
  const parts = [message];
  for (const [name, value] of fields) {
    const text = wordsOf(value, 0);
    if (silent.has(name) || text === '' || parts.includes(text)) continue;
    if (isError(name)) parts.splice(1, 0, text);
    else parts.push(`${name}=${text}`);
  }
  return parts.join(': ');
}

function isError(name: string): boolean {
  return /^(?:err|error|errors|reason|cause|stderr|desc|environment-variable|warning)$/i.test(name);
}

function wordsOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return unescaped(value);
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null || depth > 3) return '';
  return Object.values(value)
    .map((each) => wordsOf(each, depth + 1))
    .filter((text) => text !== '')
    .join(' ');
}

/** The first of these fields that holds text. */
export function textAt(
  fields: ReadonlyMap<string, unknown>,
  ...names: readonly string[]
): string | undefined {
  for (const name of names) {
    const value = fields.get(name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** Quotation marks without the backslashes of the layers that they came through. */
export function unescaped(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\{1,7}"/g, '"') : text;
}
