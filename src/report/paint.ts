import { Chalk } from 'chalk';
import type { Severity } from '../model/severity.ts';
import type { Paint } from './style.ts';

// Level 1, the sixteen colours that follow the terminal's own theme.
const chalk = new Chalk({ level: 1 });

const severityColors: Readonly<Record<Severity, (text: string) => string>> = {
  critical: chalk.bold.red,
  high: chalk.red,
  medium: chalk.yellow,
  low: chalk.cyan,
  info: chalk.blue,
};

/** Colours for terminals. Imported only when colour is wanted. */
export const terminalPaint: Paint = {
  severity: (severity, text) => severityColors[severity](text),
  bad: chalk.bold.red,
  unsure: chalk.bold.yellow,
  good: chalk.bold.green,
  strong: chalk.bold,
  faint: chalk.dim,
};
