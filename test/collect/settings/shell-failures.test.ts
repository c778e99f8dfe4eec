import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startedByScript } from '../../../src/collect/settings/started.ts';

const directory = mkdtempSync(join(tmpdir(), 'shell-failures-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const programs = {
  curl: '[ "$ANSWER" = yes ] && { echo \'"healthy"\'; exit 0; }\necho "curl: (56) alert" >&2\nexit 56',
  // What waits for curl waits in vain: it ends here, with an error.
  sleep: '[ "$ANSWER" = yes ] || kill -9 "$PPID"',
  other: 'exit 0',
};
for (const [name, text] of Object.entries(programs)) {
  writeFileSync(join(directory, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(directory, name), 0o755);
}

const ask = 'curl -sk https://127.0.0.1:2379/health';

function effectOf(script: string): string | undefined {
  const { started } = startedByScript({ path: 'script', text: script }, {});
  return started.find(({ program }) => program === 'curl')?.failure?.();
}

/** Whether a real shell ends with success, where curl is answered and where it is not. */
function statusesOf(script: string): { readonly answered: boolean; readonly failed: boolean } {
  const path = join(directory, 'script');
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  const succeeds = (answer: string) =>
    spawnSync(path, [], {
      cwd: directory,
      env: { PATH: `${directory}:/usr/bin:/bin`, ANSWER: answer },
    }).status === 0;
  return { answered: succeeds('yes'), failed: succeeds('no') };
}

const inBoth: readonly (readonly [string, 'fails' | 'goes-on' | 'unknown'])[] = [
  [ask, 'fails'],
  [`${ask} || exit 1`, 'fails'],
  [`${ask} || { echo down; exit 1; }`, 'fails'],
  [`${ask} || exit 1; echo ok`, 'fails'],
  [`${ask} || true`, 'goes-on'],
  [`${ask} || true || false`, 'goes-on'],
  [`${ask} || false || true`, 'goes-on'],
  [`${ask} || true && false`, 'goes-on'],
  [`${ask} || true; other`, 'goes-on'],
  [`${ask} && other || true`, 'goes-on'],
  [`${ask} && other`, 'fails'],
  [`other && ${ask}`, 'fails'],
  [`${ask} || other`, 'unknown'],
  [`! ${ask}`, 'goes-on'],
  [`${ask}; true`, 'goes-on'],
  [`${ask}; exit 0`, 'goes-on'],
  [`${ask} >/tmp/answer; other /tmp/answer`, 'unknown'],
  [`${ask} -o /tmp/answer; other /tmp/answer`, 'unknown'],
  [`${ask}; [ $? -eq 0 ] || exit 1; true`, 'fails'],
  [`${ask}; result=$?; echo done; exit $result`, 'fails'],
  [`result=0; ${ask} || result=1; exit $result`, 'fails'],
  [`answer=$(${ask}); echo "$answer"`, 'goes-on'],
  [`answer=$(${ask}) || exit 1; true`, 'fails'],
  [`[ "$(${ask})" = healthy ]`, 'unknown'],
  [`( ${ask} )`, 'fails'],
  [`( ${ask}; true )`, 'goes-on'],
  [`${ask} & true`, 'goes-on'],
  [`if ${ask}; then echo ok; fi`, 'goes-on'],
  [`if ${ask}; then exit 0; fi; exit 1`, 'fails'],
  [`if ${ask}; then echo ok; else exit 1; fi`, 'fails'],
  [`if ! ${ask}; then exit 1; fi; echo ok`, 'fails'],
  [`if ${ask}; then true; else exit $?; fi`, 'fails'],
  [`check() { ${ask} || return 1; }; check || exit 2; true`, 'fails'],
  [`check() { ${ask}; }; if check; then echo ok; fi`, 'goes-on'],
  [`until ${ask}; do sleep 1; done`, 'fails'],
  [`while ! ${ask}; do sleep 1; done; true`, 'fails'],
  [`while true; do ${ask} && exit 0; sleep 1; done`, 'fails'],
  [`for i in 1 2 3; do ${ask} && break; done`, 'fails'],
  [`for i in 1 2 3; do ${ask} && break; true; done`, 'goes-on'],
  [`for i in 1 2 3; do ${ask} && exit 0; true; done; exit 1`, 'fails'],
  [`${ask} | grep -q healthy`, 'fails'],
  [`${ask} | grep -q healthy || exit 1; true`, 'fails'],
  [`${ask} 2>/dev/null | grep -q healthy`, 'fails'],
  [`${ask} 2>&1 | grep -q curl`, 'unknown'],
  [`${ask} -w '%{http_code}' | grep -q 000`, 'unknown'],
  [`${ask} | grep -qv unhealthy`, 'fails'],
  [`${ask} | grep -q healthy /etc/passwd`, 'unknown'],
  [`${ask} | grep -qL healthy`, 'unknown'],
  [`${ask} | grep -c healthy | grep -q 0`, 'unknown'],
  [`${ask} | other`, 'unknown'],
  [`${ask} | tee /dev/null`, 'goes-on'],
  [`${ask} | tee file | grep -q healthy`, 'fails'],
  [`${ask} | grep healthy | tee file`, 'goes-on'],
  [`${ask} | head -n 1`, 'goes-on'],
  [`${ask} | head -1 | grep -q healthy`, 'fails'],
  [`${ask} | cat | cat - | grep -q healthy`, 'fails'],
  [`${ask} | cat /etc/passwd | grep -q root`, 'unknown'],
  [`${ask} | grep -q healthy </etc/passwd`, 'unknown'],
  [`${ask} -w down | tee /dev/null | grep -q healthy`, 'unknown'],
  [`grep() { true; }; ${ask} | grep -q healthy`, 'goes-on'],
  [`${ask} | jq .`, 'goes-on'],
  [`${ask} | jq -e .`, 'unknown'],
  [`${ask} | jq -er . | grep -q healthy`, 'fails'],
  [`${ask} | jq -en true`, 'unknown'],
  [`${ask} | jq -es length`, 'unknown'],
  [`set -e; ${ask}; true`, 'fails'],
  [`set -o errexit; ${ask}; true`, 'fails'],
  [`set -e; set +e; ${ask}; true`, 'goes-on'],
  [`set -e; ${ask} || true; other`, 'goes-on'],
  [`set -e; ${ask} && other; true`, 'goes-on'],
  [`set -e; if ${ask}; then echo ok; fi; true`, 'goes-on'],
  [`set -e; ( ${ask} ); true`, 'fails'],
  [`set -e; ! ${ask}; true`, 'goes-on'],
  [`set -e; other; ${ask}; other`, 'fails'],
  [`set -e; check() { ${ask}; true; }; check; true`, 'fails'],
  [`set -e; check() { ${ask}; true; }; check || exit 1; true`, 'goes-on'],
  [`set -e; answer=$(${ask}); true`, 'fails'],
];

const inBash: typeof inBoth = [
  [`! ! ${ask}`, 'fails'],
  [`set -o pipefail; ${ask} | tee /dev/null`, 'fails'],
  [`set -eo pipefail; ${ask} | tee /dev/null; true`, 'fails'],
  [`set -o pipefail; set +o pipefail; ${ask} | tee /dev/null`, 'goes-on'],
  // The status goes on in a way that is not followed.
  ...[
    'declare -i rc=rc; exit $rc',
    'declare -i other=rc; exit $other',
    'x=rc; exit ${!x}',
    'let rc=rc; exit $rc',
    '((rc-=0)); exit $rc',
    'printf -v other %d "$rc"; exit $other',
    'n=other; printf -v "$n" %d "$rc"; exit $other',
    'read other <<< "$rc"; exit $other',
    'read other < <(echo $rc); exit $other',
    'eval "r$((1+1))=$rc"; exit $r2',
    'a[0]=$rc; exit ${a[0]}',
    'IFS=:; exit $rc',
    'exit ${rc:0}',
    "echo $rc | grep -q '^0$'",
    "grep -q '^0$' <<< $rc",
    "{ echo $rc; } | { grep -q '^0$'; }",
    'declare -p rc | grep -q \'"0"\'',
    "printf '%s\\n' $rc >file; grep -q '^0$' file",
    "exec 3>file; echo $rc >&3; grep -q '^0$' file",
    'while ((rc > 0)); do exit 1; done',
    '[ $rc = 0 ] || kill -9 $$; exit 0',
    'shopt -s expand_aliases; alias stop="exit $rc"; exit $rc',
  ].map((rest) => [`${ask}; rc=$?; ${rest}`, 'unknown'] as const),
  [`${ask}; rc=$?; alias stop="exit $rc"; exit $rc`, 'fails'],
  [`declare -i rc=0; ${ask} || rc+=1; exit $rc`, 'unknown'],
  [`declare -u is=yes; ${ask} || is=no; [ $is = YES ]`, 'unknown'],
  [`set -m; ${ask} & fg`, 'unknown'],
  // A variable that is needed and not set ends the shell, and what starts the script may set it.
  [`${ask} && up=1; : \${up:?down}; exit 0`, 'unknown'],
  [`set -u; ${ask} && up=1; echo "$up"; exit 0`, 'unknown'],
  [`up=; ${ask} && up=1; : \${up:?down}; exit 0`, 'fails'],
  [`set -u; unset up; ${ask} && up=1; echo $up; exit 0`, 'fails'],
  [`set -u; ${ask} && up=1; echo "\${up:-0}"; exit 0`, 'goes-on'],
  [`${ask} && up=1; echo "$up"; exit 0`, 'goes-on'],
  [`${ask}; rc=$?; declare -i n=2; n+=1; echo $rc $n; exit 0`, 'goes-on'],
  [`${ask}; rc=$?; read other <<< "$rc"; exit 0`, 'goes-on'],
  [`${ask} & kill $!; exit 0`, 'goes-on'],
  [`${ask}; rc=$?; other`, 'goes-on'],
];

const cases = [
  ...inBoth.flatMap(([script, effect]) => [
    { start: '#!/bin/dash', script, effect },
    { start: '#!/bin/bash', script, effect },
  ]),
  ...inBash.map(([script, effect]) => ({ start: '#!/bin/bash', script, effect })),
  ...['#!/bin/sh -e', '#!/bin/bash -eu'].map((start) => ({
    start,
    script: `${ask}; true`,
    effect: 'fails',
  })),
];

describe('what comes of a failing command', () => {
  test.each(cases)('$start $script: $effect', ({ start, script, effect }) => {
    const text = `${start}\n${script}\n`;
    const { answered, failed } = statusesOf(text);

    expect(effectOf(text)).toBe(effect);
    // A failure that makes no difference does not end a script with an error that would else succeed.
    const isWorse = answered && !failed;
    expect(effect === 'unknown' || isWorse === (effect === 'fails')).toBe(true);
  });
});
