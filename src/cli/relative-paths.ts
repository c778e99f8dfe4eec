import type { Report } from '../model/report.ts';

/**
 * The report with paths below the working directory relative to it, for people. Only where the paths on the
 * command line were absolute: the paths of settings are paths of another host.
 */
export function withRelativePaths(
  report: Report,
  paths: readonly string[],
  directory: string,
): Report {
  const root = `${directory}/`;
  const given = paths.filter((path) => path.startsWith(root));
  if (directory === '/' || given.length === 0) return report;
  const shortened = (text: string): string =>
    given.reduce((before, path) => before.replaceAll(path, path.slice(root.length)), text);
  return withTexts(report, shortened, new Map());
}

type Known = Map<object, unknown>;

/** The same data with every text and name changed; what many parts share is changed once. */
function withTexts<Value>(value: Value, change: (text: string) => string, known: Known): Value;
function withTexts(value: unknown, change: (text: string) => string, known: Known): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  const done = known.get(value);
  if (done !== undefined) return done;
  const changed = Array.isArray(value)
    ? value.map((item: unknown) => withTexts(item, change, known))
    : Object.fromEntries(
        Object.entries(value).map(([name, part]) => [change(name), withTexts(part, change, known)]),
      );
  known.set(value, changed);
  return changed;
}
