/** Where two reports differ, each place with both values in short. */
export function differences(first: unknown, second: unknown, place = ''): readonly string[] {
  if (isObject(first) && isObject(second)) {
    const keys = new Set([...Object.keys(first), ...Object.keys(second)]);
    return [...keys].flatMap((key) => differences(first[key], second[key], `${place}.${key}`));
  }
  return Object.is(first, second) ? [] : [`${place}: ${inShort(first)} became ${inShort(second)}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function inShort(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);
}
