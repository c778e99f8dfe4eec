import { readShell } from '../../../src/collect/settings/shell/run.ts';
import { startedByScript } from '../../../src/collect/settings/started.ts';
import { type Limit, many, unread, withFiles } from './limit.ts';

const named = '--name a --listen-client-urls=http://0.0.0.0:2379';
const start = `etcd ${named}\n`;
const script = (text: string) => withFiles({ 'etcd.sh': `#!/bin/sh\n${text}` });

export const ofScripts: readonly Limit[] = [
  {
    of: 'commands that a script runs; 32 comparisons with a pattern count as one',
    file: 'collect/settings/shell/run.ts',
    constant: 'mostSteps',
    why: 'loops in loops',
    beyond: unread,
    read: script(
      `${'for i in 1 2 3 4 5 6 7 8 9; do '.repeat(5)}:; ${'done; '.repeat(5)}\n${start}`,
    ),
    says: /the script does more than is followed/,
  },
  {
    of: 'different commands of a script whose failure is followed',
    file: 'collect/settings/shell/run.ts',
    constant: 'mostFollowed',
    why: 'the script is read twice for each',
    beyond: 'whether the script fails with the others is an open question',
    read() {
      const text = `set -e\n${many(10, (index) => `curl https://10.0.0.${index}:2379\n`)}`;
      const environment = { environment: [], complete: true };
      const { commands } = readShell({ text, file: 'a.sh', line: 1 }, environment);
      return Promise.resolve(commands.map(({ failure }) => failure()).join(' '));
    },
    says: /^(?:fails ){8}unknown unknown$/,
  },
  {
    of: 'commands within each other while a script is followed',
    file: 'collect/settings/shell/nodes.ts',
    constant: 'deepestNode',
    why: 'the stack',
    beyond: unread,
    read: script(
      `${many(11, (index) => `f${index}() { ${'{ '.repeat(50)}f${index + 1}${'; }'.repeat(50)}; }\n`)}f11() { ${start} }\nf0\n`,
    ),
    says: /functions and commands are nested too deeply/,
  },
  {
    of: 'functions that call each other',
    file: 'collect/settings/shell/runtime.ts',
    constant: 'deepestCall',
    why: 'functions may call themselves',
    beyond: unread,
    read: script(
      `${many(20, (index) => `f${index}() { f${index + 1}; }\n`)}f20() { ${start} }\nf0\n`,
    ),
    says: /a function whose effect is not followed|mentions --listen-client-urls/,
  },
  {
    of: 'rounds of a loop over words',
    file: 'collect/settings/shell/loops.ts',
    constant: 'mostRepetitions',
    why: 'etcd is started for a few members',
    beyond: 'what the loop sets is not known',
    read: script(`for i in ${many(80, (index) => `${index} `)}; do A=$i; done\netcd --name $A\n`),
    says: /--name is `\$\{A\}`/,
  },
  {
    of: 'scripts that source scripts',
    file: 'collect/settings/shell/source.ts',
    constant: 'deepestSource',
    why: 'files may source themselves',
    beyond: unread,
    read: withFiles(
      Object.fromEntries(
        Array.from({ length: 9 }, (_, index) => [
          `s${index}.sh`,
          index === 8 ? start : `#!/bin/sh\n. ./s${index + 1}.sh\netcd --name b\n`,
        ]),
      ),
    ),
    says: /is sourced through too many files/,
  },
  {
    of: 'commands within each other in the text of a script',
    file: 'collect/settings/shell/parse.ts',
    constant: 'deepest',
    why: 'the stack',
    beyond: unread,
    read: script(`${'( '.repeat(70)}${start.trim()}${' )'.repeat(70)}\n`),
    says: /commands are nested too deeply/,
  },
  {
    of: 'shells and wrappers that start each other',
    file: 'collect/settings/started.ts',
    constant: 'deepest',
    why: 'sudo, env and nice make three',
    beyond: unread,
    read: withFiles({
      'etcd.service': `[Service]\nExecStart=/usr/bin/env ${'nice env '.repeat(8)}/usr/bin/etcd ${named}\n`,
    }),
    says: /more than 8 shells, wrappers and scripts start one another/,
  },
  {
    of: 'scripts that one command leads to',
    file: 'collect/settings/started.ts',
    constant: 'mostScripts',
    why: 'scripts that start each other multiply',
    beyond: unread,
    async read() {
      const files = { script: './b\n'.repeat(10), b: './c\n'.repeat(10), c: start };
      const given = Object.entries(files).map(([path, text]) => ({
        path,
        text: `#!/bin/sh\n${text}`,
      }));
      const find = (path: string) => given.find((file) => file.path === path.replace(/^\.\//, ''));
      const { started } = startedByScript({ path: 'script', text: files.script }, { find });
      return JSON.stringify(started.flatMap(({ doubts }) => doubts));
    },
    says: /more than 64 scripts start one another/,
  },
];
