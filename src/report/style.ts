import type { Severity } from '../model/severity.ts';

/** How a report is to look: what depends on the place where it will be read. */
export interface Style {
  readonly color: boolean;
  /** Columns to wrap at, for the formats that wrap. */
  readonly width: number;
  /** Passes and guesses too. */
  readonly verbose: boolean;
  /** Only findings and the summary. */
  readonly quiet?: boolean;
  /** Colours for the text format; without it nothing is coloured. */
  readonly paint?: Paint;
}

/** Puts colour on text that is already harmless. */
export interface Paint {
  readonly severity: (severity: Severity, text: string) => string;
  readonly bad: (text: string) => string;
  readonly unsure: (text: string) => string;
  readonly good: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** What golden files, doc pages and pipes get. */
export const plainStyle: Style = { color: false, width: 80, verbose: false };

function same(text: string): string {
  return text;
}

/** No colour at all. */
export const plainPaint: Paint = {
  severity: (_severity, text) => text,
  bad: same,
  unsure: same,
  good: same,
  strong: same,
  faint: same,
};
