import type { Report } from '../model/report.ts';

/**
 * The report with paths below the working directory relative to it, for people. Only where the paths on the
 * command line were absolute: the paths of settings are paths of another host.
 */
export async function withRelativePaths(
  report: Report,
  paths: readonly string[],
  directory: string,
): Promise<Report> {
  const root = `${directory}/`;
  const given = paths.filter((path) => path.startsWith(root));
  if (directory === '/' || given.length === 0) return report;
  const [{ json }, { parseReport }] = await Promise.all([
    import('../report/json.ts'),
    import('../report/parse-report.ts'),
  ]);
  return parseReport(
    given.reduce((text, path) => text.replaceAll(path, path.slice(root.length)), json(report)),
  );
}
