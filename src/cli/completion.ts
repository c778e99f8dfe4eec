import type { Command } from 'commander';
import { severities } from '../model/severity.ts';
import { formats } from '../report/index.ts';
import { table } from '../model/table.ts';

/** Shells that a completion script can be written for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** What a shell may offer: commands, their options and the values that options take. */
interface Word {
  readonly command: string;
  readonly summary: string;
  readonly options: readonly OptionWord[];
}

interface OptionWord {
  readonly flag: string;
  readonly summary: string;
  readonly takesFile: boolean;
  readonly values: readonly string[];
}

/** Values that are known beforehand, by option. */
const knownValues = table<readonly string[]>({
  '--report': formats,
  '--color': ['auto', 'always', 'never'],
  '--fail-on': severities,
  '--severity': severities,
});

const fileOptions =
  /^--(inventory|cacert|cert|key|waivers|baseline|save-evidence|evidence|output|set|replace)$/;

/** A completion script, made from the commands themselves so that it cannot fall behind them. */
export function completionScript(root: Command, shell: Shell): string {
  const words = root.commands.map(describe);
  switch (shell) {
    case 'bash':
      return bash(words);
    case 'zsh':
      return `#compdef etcd-tls-audit\nautoload -U +X bashcompinit && bashcompinit\n${bash(words)}`;
    case 'fish':
      return fish(words);
  }
}

function describe(command: Command): Word {
  return {
    command: command.name(),
    summary: command.summary(),
    options: command.options.map(({ long, description }) => ({
      flag: long ?? '',
      summary: description,
      takesFile: fileOptions.test(long ?? ''),
      values: knownValues[long ?? ''] ?? [],
    })),
  };
}

function bash(words: readonly Word[]): string {
  const commands = words.map(({ command }) => command).join(' ');
  const valueCases = Object.entries(knownValues).map(
    ([flag, values]) =>
      `    ${flag}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$current")); return ;;`,
  );
  const optionCases = words.map(
    ({ command, options }) =>
      `    ${command}) options="${options.map(({ flag }) => flag).join(' ')}" ;;`,
  );
  return `# Completion for etcd-tls-audit; source it, or put it into /etc/bash_completion.d/.
_etcd_tls_audit() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} options=
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W "${commands} --help --version" -- "$current"))
    return
  fi
  case $previous in
${valueCases.join('\n')}
  esac
  case \${COMP_WORDS[1]} in
${optionCases.join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options --help" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _etcd_tls_audit etcd-tls-audit
`;
}

function fish(words: readonly Word[]): string {
  const lines = words.flatMap(({ command, summary, options }) => [
    `complete -c etcd-tls-audit -n __fish_use_subcommand -a ${command} -d ${quote(summary)}`,
    ...options.map(({ flag, summary: text, takesFile, values }) => {
      const given =
        values.length > 0 ? ` -x -a ${quote(values.join(' '))}` : takesFile ? ' -r' : '';
      return `complete -c etcd-tls-audit -n '__fish_seen_subcommand_from ${command}' -l ${flag.slice(2)}${given} -d ${quote(text)}`;
    }),
  ]);
  return `# Completion for etcd-tls-audit; put it into ~/.config/fish/completions/.\n${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
