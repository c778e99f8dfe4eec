import type { OverallVerdict, Report } from './report.ts';
import { enumerate } from './words.ts';

type Scoped = Pick<OverallVerdict, 'scope' | 'excerpts' | 'predictedOnly'>;

/** What the headline adds whatever the verdict is: how the files were read, and what was not tried. */
export function scopeRemarks(
  command: Report['command'],
  { scope, excerpts, predictedOnly }: Scoped,
): readonly string[] {
  const judgedPorts =
    command === 'verify' ? 'ports were judged by what was seen alone' : 'ports were not judged';
  return [
    scope === 'certificates' && `settings were not given, so ${judgedPorts}`,
    predictedOnly === true && 'rejections were predicted only',
    excerpts.length > 0 &&
      `${enumerate(excerpts, 2)} ${excerpts.length === 1 ? 'was' : 'were'} read as complete settings`,
  ].filter((part) => part !== false);
}

/** The remarks as the end of a sentence. */
export function headlineRemarks(command: Report['command'], verdict: Scoped): string {
  return scopeRemarks(command, verdict)
    .map((remark) => `; ${remark}`)
    .join('');
}

/** The headline without these remarks, for reports that show them after what there is to do. */
export function withoutRemarks({ command, verdict }: Pick<Report, 'command' | 'verdict'>): string {
  const { status, sentence } = verdict;
  const end = headlineRemarks(command, verdict);
  // A PASS is true only together with what was not seen.
  if (status === 'pass' || !sentence.endsWith(end)) return sentence;
  return sentence.slice(0, sentence.length - end.length);
}
