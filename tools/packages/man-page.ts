import type { Command } from 'commander';
import { examples } from '../../src/cli/program.ts';
import { version } from '../../src/version.ts';

/** The manual page, made from the commands themselves so that it cannot fall behind them. */
export function manPage(root: Command): string {
  const lines = [
    `.TH ETCD-TLS-AUDIT 1 "" "etcd-tls-audit ${version}"`,
    '.SH NAME',
    'etcd\\-tls\\-audit \\- predict what etcd will do with its certificates, keys and TLS settings',
    '.SH SYNOPSIS',
    ...root.commands.flatMap((command) => [
      `.B etcd\\-tls\\-audit ${escape(command.name())}`,
      escape(command.usage()),
      '.br',
    ]),
    '.SH DESCRIPTION',
    ...paragraph(root.description()),
    '.SH COMMANDS',
    ...root.commands.flatMap(section),
    '.SH EXAMPLES AND EXIT STATUS',
    '.nf',
    ...examples.trim().split('\n').map(escape),
    '.fi',
  ];
  return `${lines.join('\n')}\n`;
}

function section(command: Command): readonly string[] {
  return [
    `.SS ${escape(command.name())}`,
    ...paragraph(command.description() === '' ? command.summary() : command.description()),
    ...command.registeredArguments.flatMap((argument) =>
      item(argument.name(), argument.description),
    ),
    ...command.options
      .filter(({ hidden }) => !hidden)
      .flatMap(({ flags, description }) => item(flags, description)),
  ];
}

function item(name: string, description: string): readonly string[] {
  return ['.TP', `.B ${escape(name)}`, ...paragraph(description)];
}

function paragraph(text: string): readonly string[] {
  return text.split('\n').map(escape);
}

/** A line that roff prints as it is. */
function escape(line: string): string {
  return line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&');
}
