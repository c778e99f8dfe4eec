import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Started } from '../../../src/collect/settings/starts.ts';
import { startedByScript } from '../../../src/collect/settings/started.ts';

/** How many scripts are made for each shell; SHELL_SCRIPTS asks for more. */
const count = Number(process.env['SHELL_SCRIPTS'] ?? 60);

const directory = mkdtempSync(join(tmpdir(), 'shell-truth-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** An etcd that writes down how it was started: its arguments, and what it has of the variables. */
const fake = join(directory, 'bin');
execFileSync('mkdir', ['-p', fake, join(directory, 'empty')]);
writeFileSync(
  join(fake, 'etcd'),
  `#!/bin/sh
{
  for each in "$@"; do printf 'argument\\t%s\\0' "$each"; done
  [ -z "\${ETCD_A+set}" ] || printf 'ETCD_A\\t%s\\0' "$ETCD_A"
  [ -z "\${ETCD_B+set}" ] || printf 'ETCD_B\\t%s\\0' "$ETCD_B"
  [ -z "\${ETCD_C+set}" ] || printf 'ETCD_C\\t%s\\0' "$ETCD_C"
} >"$RUNS/$$"
`,
);
chmodSync(join(fake, 'etcd'), 0o755);

interface Start {
  readonly words: readonly string[];
  readonly variables: ReadonlyMap<string, string>;
}

/** What the shell really starts. */
function run(
  shell: string,
  script: string,
  files: Readonly<Record<string, string>>,
): { readonly starts: readonly Start[]; readonly status: number | null } {
  const runs = mkdtempSync(join(directory, 'run-'));
  const path = join(runs, 'script');
  writeFileSync(path, script);
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(directory, 'empty', name), text);
  const records = join(runs, 'records');
  execFileSync('mkdir', [records]);
  const { status } = spawnSync(`/bin/${shell}`, [path], {
    cwd: join(directory, 'empty'),
    env: { PATH: `${fake}:/usr/bin:/bin`, RUNS: records },
    timeout: 5000,
  });
  const starts = readdirSync(records).map((name) => {
    const lines = readFileSync(join(records, name), 'utf8').split('\0').slice(0, -1);
    const pairs = lines.map(
      (line) => [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)] as const,
    );
    return {
      words: pairs.filter(([kind]) => kind === 'argument').map(([, text]) => text),
      variables: new Map(pairs.filter(([kind]) => kind !== 'argument')),
    };
  });
  return { starts, status };
}

function read(
  shell: string,
  script: string,
  files: Readonly<Record<string, string>>,
): readonly Started[] {
  const text = `#!/bin/${shell}\n${script}`;
  const find = (path: string) => {
    const own = files[path.replace(/^\.\//, '')];
    return own === undefined ? undefined : { path, text: own };
  };
  return startedByScript({ path: 'script', text }, { find }).started.filter(
    ({ program }) => program === 'etcd' || program === 'sh',
  );
}

const open = /\$[({A-Za-z_@*]|`/;

/** Whether a start may be the one that was read, as far as the reading says that it knows. */
function fits({ words, variables, doubts }: Started, start: Start): boolean {
  if (doubts.length > 0) return true;
  const given = words.map(({ text }) => text);
  const isOpen = given.some((text) => open.test(text));
  if (!isOpen && JSON.stringify(given) !== JSON.stringify(start.words)) return false;
  const last = new Map(variables.map((variable) => [variable.name, variable]));
  const names = ['ETCD_A', 'ETCD_B', 'ETCD_C'];
  return names.every((name) => {
    const said = last.get(name);
    if (said !== undefined && (said.doubt !== undefined || open.test(said.value))) return true;
    return said?.value === start.variables.get(name);
  });
}

function disagreement(
  shell: string,
  script: string,
  files: Readonly<Record<string, string>>,
): string | undefined {
  const said = read(shell, script, files);
  const { starts: real, status } = run(shell, `#!/bin/${shell}\n${script}`, files);
  const isDoubtful = said.some(({ doubts, missing }) => doubts.length > 0 || missing.length > 0);
  const show = JSON.stringify({
    said,
    real: real.map(({ words, variables }) => [words, [...variables]]),
  });
  for (const start of real) {
    if (!isDoubtful && !said.some((each) => fits(each, start))) return `not read: ${show}`;
  }
  for (const each of said) {
    // A shell that ends over a mistake starts nothing more.
    const isCertain =
      each.condition === undefined &&
      !isDoubtful &&
      status === 0 &&
      !/\b(?:exit|return|exec|break|continue)\b/.test(script);
    if (isCertain && !real.some((start) => fits(each, start))) return `not started: ${show}`;
  }
  return undefined;
}

/** Minimal standard generator: the same scripts in every run. */
function generator(seed: number) {
  let state = seed;
  const below = (most: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
  const one = <Item>(...items: readonly [Item, ...Item[]]): Item =>
    items[below(items.length)] ?? items[0];
  return { below, one };
}

function scriptOf(seed: number, shell: string): string {
  const { below, one } = generator(seed * 7919 + 17);
  const name = () => one('ETCD_A', 'ETCD_B', 'ETCD_C', 'X', 'Y');
  const text = (): string =>
    one(
      'a',
      'b',
      '""',
      "'c d'",
      '"$X"',
      '$X',
      '${Y:-e}',
      '"${ETCD_A}z"',
      '$(echo f)',
      '`echo g`',
      '${X:+h}',
      '$1',
      '"$#"',
      '${ETCD_B#a}',
      '\\i',
      "'$X'",
      '${Y-}',
      '"a\\"b"',
      '$((1+1))',
      '{a,b}',
      '~/x',
      "a'b'c",
      '${Y:=k}',
      'x=y',
      '*',
    );
  const assign = () => `${name()}=${text()}`;
  const condition = (): string =>
    one(
      'true',
      'false',
      ':',
      '[ -n "$X" ]',
      '[ "$X" = a ]',
      'test -d /',
      'test -d /none',
      '! true',
      '! test -d /',
      '[ -z "$ETCD_A" ]',
      'true && false',
      'f',
      '[ x != y ]',
      `[ -r env ]`,
    );
  const etcd = () =>
    `etcd${one('', ` --x=${text()}`, ` ${text()} y`, ' "$@"', ' $@', ' $X', ' --a "${X}"')}`;
  const statement = (depth: number): string => {
    const inner = () => statements(depth - 1);
    const simple = (): string =>
      one(
        assign(),
        assign(),
        `export ${assign()}`,
        `export ${assign()}`,
        `export ${name()}`,
        `unset ${name()}`,
        `readonly R=${text()}`,
        'set -a',
        'set +a',
        'set -- p "q r"',
        'shift',
        'f',
        'f s t',
        'g',
        `${assign()} ${etcd()}`,
        `${assign()} f`,
        etcd(),
        `env ${assign()} ${etcd()}`,
        `env -u ${name()} ${etcd()}`,
        '. ./env',
        `eval "${name()}=v"`,
        `eval ${assign()}`,
        `command export ${assign()}`,
        `read ${name()} </dev/null`,
        `exec ${etcd()}`,
        `echo ${text()} >/dev/null`,
        `cd /`,
        `export -n ${name()}`,
        'return 0',
        'exit 0',
        'break',
        'continue',
        `: "\${${name()}:=w}"`,
        `local ${assign()}`,
        `${name()}=$(${etcd()})`,
        `test -d / || exit 1`,
        `exec >/dev/null`,
        `IFS=,`,
        `nice ${etcd()}`,
        `command -v etcd`,
        `trap '' TERM`,
        'umask 022',
        `export ${name()} ${assign()}`,
        `printf x`,
        `unset -f f`,
        `alias ll=ls`,
        ...(shell === 'bash'
          ? [
              `declare -x ${assign()}`,
              `ARR=(${text()} ${text()})`,
              `etcd "\${ARR[@]}"`,
              `ARR+=(z)`,
              `${name()}+=u`,
              `declare ${assign()}`,
              `local -x ${assign()}`,
              `[[ $X == a* ]] && ${assign()}`,
              `source ./env`,
              `((n++))`,
              `${name()}=$'q'`,
              'mapfile -t ARR </dev/null',
              `export ${assign()} &>/dev/null`,
              'function g { X=5; }',
            ]
          : [`export ${assign()} &>/dev/null`, `source ./env`, `declare ${assign()}`]),
      );
    if (depth === 0) return simple();
    return one<() => string>(
      simple,
      simple,
      simple,
      simple,
      () => `if ${condition()}; then\n${inner()}\nfi`,
      () =>
        `if ${condition()}; then\n${inner()}\nelif ${condition()}; then\n${inner()}\nelse\n${inner()}\nfi`,
      () =>
        `case ${text()} in\na) ${inner()} ;;\n${one('b|c', 'h*', '"$X"')}) ${inner()} ;;\n${one('*) ' + inner() + ' ;;\n', '')}esac`,
      () => `for ${name()} in ${text()} ${text()}; do\n${inner()}\ndone`,
      () =>
        `for ${name()} in a b; do\n${inner()}\n${condition()} && ${one('break', 'continue')}\ndone`,
      () => `n=0; while [ "$n" != 00 ]; do\nn=0$n\n${inner()}\ndone`,
      () => `while ${one('false', 'test -d /none')}; do\n${inner()}\ndone`,
      () => `until ${one('true', 'test -d /')}; do\n${inner()}\ndone`,
      () => `( ${inner()} )`,
      () => `{ ${inner()}\n}`,
      () => `${condition()} && ${simple()}`,
      () => `${condition()} || ${simple()}`,
      () => `${condition()} && ${simple()} || ${simple()}`,
      () => `f() {\n${inner()}\n}`,
      () => `g() {\n${inner()}\n}\ng`,
      () => `${simple()} | cat`,
      () => `${simple()} & wait`,
      () => `cat >/dev/null <<EOF\nexport ETCD_A=no $X\nEOF`,
      () => `{ ${inner()}\n} >/dev/null 2>&1`,
    )();
  };
  const statements = (depth: number): string =>
    Array.from({ length: 1 + below(3) }, () => statement(depth)).join('\n');
  return `${Array.from({ length: 2 + below(4) }, () => statement(2)).join('\n')}\n${etcd()}\n`;
}

/** What is sourced. */
const environment = { env: 'ETCD_A=from\nexport ETCD_B="file $X"\n' };

describe.each(['sh', 'bash'])('%s', (shell) => {
  test('starts what is read, or the reading says that it does not know', () => {
    const differences: string[] = [];
    let understood = 0;
    for (let seed = 1; seed <= count; seed += 1) {
      const script = scriptOf(seed, shell);
      const found = disagreement(shell, script, environment);
      if (found !== undefined) differences.push(`seed ${seed}\n${script}\n${found}`);
      const said = read(shell, script, environment);
      if (said.length > 0 && said.every(({ doubts }) => doubts.length === 0)) understood += 1;
    }
    expect(differences.slice(0, Number(process.env['SHOW'] ?? 3)).join('\n\n')).toBe('');
    // A reader that understands nothing would agree with everything.
    expect(understood).toBeGreaterThan(count / 3);
  }, 600_000);
});
