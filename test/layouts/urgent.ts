import type { Report } from '../../src/model/report.ts';
import { isAtLeast } from '../../src/model/severity.ts';

/** Each finding at or above high: its check, its target, and the line that it is placed at, in the set. */
export function urgentIn({ results }: Report, directory: string): readonly string[] {
  return results
    .filter(({ check, verdict }) => verdict.status === 'fail' && isAtLeast(check.severity, 'high'))
    .map(({ check, target: { name, location } }) => {
      const place =
        location === undefined ? '' : ` at ${location.file}:${String(location.line ?? '')}`;
      return `${check.id}: ${name}${place}`.replaceAll(`${directory}/`, '');
    })
    .toSorted();
}
