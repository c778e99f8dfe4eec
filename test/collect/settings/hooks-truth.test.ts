import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runsOfHook } from '../../../src/collect/settings/probes.ts';
import { emptyProcess } from '../../../src/collect/settings/process.ts';

/** How many scripts are made; HOOK_SCRIPTS asks for more. */
const count = Number(process.env['HOOK_SCRIPTS'] ?? 150);
const first = Number(process.env['HOOK_SEED'] ?? 1);

const directory = mkdtempSync(join(tmpdir(), 'hooks-truth-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const programs = join(directory, 'bin');
mkdirSync(programs);
writeFileSync(
  join(programs, 'curl'),
  '#!/bin/sh\n[ "$ANSWER" = yes ] || exit 35\necho \'{"health":"true"}\'\n',
);
chmodSync(join(programs, 'curl'), 0o755);

const ask = 'curl -sk https://127.0.0.1:2379/health';

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const grouped = (text: string) => `{ ${text}\n}`;

type Layer = (script: string, id: number) => string;

const innermost: readonly string[] = [
  ask,
  `timeout 5 ${ask}`,
  `env A=b ${ask}`,
  `command ${ask}`,
  `echo https://127.0.0.1:2379/health | xargs curl -sk`,
  `xargs ${ask} </dev/null`,
  `set -- ${ask}; "$@"`,
  `url=https://127.0.0.1:2379; curl -sk "$url/health"`,
  `run=${quoted(ask)}; $run`,
];

const layers: readonly Layer[] = [
  (script) => `( ${script}\n)`,
  grouped,
  (script) => `echo "$( ${script}\n)"`,
  (script) => `x=$( ${script}\n)`,
  (script) => `x=$( ${script}\n); [ -n "$x" ]`,
  (script) => `x=$( ${script}\n) || exit 3`,
  (script) => `if ${grouped(script)}; then echo yes; fi`,
  (script) => `if ${grouped(script)}; then true; else false; fi`,
  (script) => `if ! ${grouped(script)}; then exit 1; fi`,
  (script) => `while ! ${grouped(script)}; do exit 3; done`,
  (script) => `until ${grouped(script)}; do break; done`,
  (script) => `while ${grouped(script)}; do break; done`,
  (script) => `for i in 1 2; do ${grouped(script)} && break; done`,
  (script) => `for i in a; do ${grouped(script)} || exit 4; done`,
  (script) => `case x in x) ${script}\n;; *) true;; esac`,
  (script) => `case "$( ${script}\n)" in *true*) true;; *) exit 5;; esac`,
  (script, id) => `f${id}() { ${script}\n}; f${id}`,
  (script, id) => `f${id}() { ${grouped(script)} || return 2; }; f${id}`,
  (script) => `true && ${grouped(script)}`,
  (script) => `${grouped(script)} && true`,
  (script) => `${grouped(script)} || true`,
  (script) => `${grouped(script)} || exit 6`,
  (script) => `false || ${grouped(script)}`,
  (script) => `! ${grouped(script)}`,
  (script) => `bash -c ${quoted(script)}`,
  (script) => `bash -ec ${quoted(`${script}\ntrue`)}`,
  (script) => `env A=b bash -c ${quoted(script)}`,
  (script) => `timeout 5 bash -c ${quoted(script)}`,
  (script) => `echo x | xargs -I{} bash -c ${quoted(script)}`,
  (script) => `echo ${quoted(script)} | bash`,
  (script) => `eval ${quoted(script)}`,
  (script, id) => `bash <<'END${id}'\n${script}\nEND${id}\n`,
  (script, id) => `cat <<END${id}\n$( ${script}\n)\nEND${id}\n`,
  (script, id) => `bash <(cat <<'END${id}'\n${script}\nEND${id}\n)`,
  (script) => `bash -c "$(printf %s ${quoted(script)})"`,
  (script) => `rc=0; ${grouped(script)} || rc=$?; exit $rc`,
  (script) => `${script}\nr=$?; [ $r -eq 0 ]`,
  (script) => `${script}\nr=$?; declare -i n=r; ( exit $n )`,
  (script) => `${script}\nr=$?; n=r; ( exit \${!n} )`,
  (script) => `${script}\nread r <<< $?; ( exit $r )`,
  (script) => `${script}\necho $? | grep -q '^0$'`,
  (script) => `${grouped(script)} | grep -q true`,
  (script) => `${grouped(script)} | tee file`,
  (script) => `${grouped(script)} | cat`,
  (script) => `( set -o pipefail; ${grouped(script)} | cat )`,
  (script) => `( set -e\n${script}\ntrue )`,
  (script) => `( set -eu\n${grouped(script)} && up=1\necho "$up" )`,
  (script) => `${grouped(script)} & wait $!`,
  (script) => `[[ -n $( ${script}\n) ]]`,
  (script) => `(( $( ${grouped(script)} | wc -c ) > 0 ))`,
  (script) => `read -r x < <( ${script}\n); [ "$x" ]`,
  (script) => `( trap 'exit 7' ERR; ${script}\n)`,
  (script) => `${grouped(script)} >file; grep -q true file`,
  (script) => `${grouped(script)} || { kill $$; sleep 1; }`,
  (script) => `a[0]=$( ${script}\necho $? ); [ "\${a[0]##*[!0-9]}" = 0 ]`,
];

/** Minimal standard generator: the same scripts in every run. */
function generator(seed: number) {
  let state = seed * 7919 + 17;
  return (most: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
}

function scriptOf(seed: number): string {
  const below = generator(seed);
  below(2);
  let script = innermost[below(innermost.length)] ?? ask;
  const depth = 1 + below(5);
  for (let id = 0; id < depth; id += 1) {
    const layer = layers[below(layers.length)] ?? grouped;
    script = layer(script, id);
  }
  return script;
}

/** With what the hook ends, where the request is answered and where it is refused. */
function statusesOf(script: string): { readonly answered: boolean; readonly refused: boolean } {
  const succeeds = (answer: string) => {
    const cwd = mkdtempSync(join(directory, 'run-'));
    const env = { PATH: `${programs}:/usr/bin:/bin`, ANSWER: answer };
    return spawnSync('/bin/bash', ['-c', script], { cwd, env, timeout: 10_000 }).status === 0;
  };
  return { answered: succeeds('yes'), refused: succeeds('no') };
}

function verdictOn(script: string): 'fails' | 'open' | 'passes' {
  const location = { file: 'etcd.service', line: 4 };
  const { bare, processes } = runsOfHook(
    { ...emptyProcess('systemd', location), place: 'unit of etcd' },
    { variables: [], complete: true, ports: [] },
    {
      name: 'ExecStartPost',
      words: ['/bin/bash', '-c', script].map((text) => ({ text, location })),
      location,
    },
  );
  if (bare.some(({ failure }) => failure !== 'unknown')) return 'fails';
  const isOpen = bare.length > 0 || processes.some(({ doubts }) => doubts.length > 0);
  return isOpen ? 'open' : 'passes';
}

test('a request that is refused is never a pass where the hook fails with it, and no fault where it does not', () => {
  const wrong: string[] = [];
  const told = { fails: 0, open: 0, passes: 0 };
  for (let seed = first; seed < first + count; seed += 1) {
    const script = scriptOf(seed);
    const verdict = verdictOn(script);
    told[verdict] += 1;
    if (verdict === 'open') continue;
    const { answered, refused } = statusesOf(script);
    const failsWithIt = answered && !refused;
    if (failsWithIt ? verdict === 'passes' : answered && verdict === 'fails') {
      wrong.push(`${verdict}: ${script}`);
    }
  }

  expect(wrong).toEqual([]);
  // Were all open, nothing would be tried.
  expect(told.fails).toBeGreaterThan(count / 20);
  expect(told.passes).toBeGreaterThan(count / 20);
}, 120_000);
