import type { Report } from '../model/report.ts';
import type { Style } from './style.ts';
import { text } from './text.ts';

/** Turns a report into the text of one format. Pure, except that the page's libraries load late. */
export type Reporter = (report: Report, style: Style) => string | Promise<string>;

// Each format but the usual one is loaded only when it is asked for: `check` must start fast.
const reporters = {
  text: () => text,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif.ts')).sarif,
  junit: async () => (await import('./junit.ts')).junit,
  markdown: async () => (await import('./markdown.ts')).markdown,
  github: async () => (await import('./github.ts')).github,
  html: async () => (await import('./html/page.ts')).html,
  prometheus: async () => (await import('./prometheus.ts')).prometheus,
} as const satisfies Record<string, () => Reporter | Promise<Reporter>>;

export type Format = keyof typeof reporters;

/** Every format, in the order in which help lists them. */
export const formats = Object.keys(reporters).filter(isFormat);

function isFormat(name: string): name is Format {
  return Object.hasOwn(reporters, name);
}

/** The report in a format, ready to be written. */
export async function render(format: Format, report: Report, style: Style): Promise<string> {
  const reporter: Reporter = await reporters[format]();
  if (!style.color || style.paint !== undefined) return await reporter(report, style);
  const { terminalPaint } = await import('./paint.ts');
  return await reporter(report, { ...style, paint: terminalPaint });
}
