import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { startedBy } from '../../../src/collect/settings/started.ts';

const endingOf = (script: string) =>
  startedBy({
    words: ['/bin/sh', '-c', script].map((text) => ({ text, location: { file: 'unit', line: 1 } })),
    variables: [],
    complete: 'as-written',
  }).ending();

const fails = [
  'false',
  'exit 1',
  '! true',
  '(exit 4)',
  'set -e; false; true',
  'set -e; (exit 2); true',
  'f() { return 1; }; f',
  'f() { return 1; }; f || exit 5',
  'x=$(false)',
  'set -e; x=$(false); true',
  "sh -c 'exit 1'",
  "set -e; sh -c 'exit 1'; true",
  "sh -c 'sh -c false'",
  'if true; then exit 3; fi',
  'for i in 1 2; do [ $i = 3 ] && exit 0; done; exit 1',
  'case a in b) exit 0;; esac; exit 1',
  'timeout 5 false',
  'mkdir -p /tmp && exit 3',
  'ls / > /dev/null; exit 2',
  'true | false',
  'false & wait $!',
  'exit 1; true',
  'set -u; echo "$NOWHERE"',
  ': "${NOWHERE:?}"',
];
const succeeds = [
  'true',
  'exit 0',
  'false; true',
  'false || true',
  'set -e; false || true',
  'if false; then exit 1; fi',
  "sh -c 'exit 1' || true",
  'false | true',
  'false & wait',
  '[ -d /tmp ] || mkdir -p /tmp',
  'mkdir -p /tmp || exit 1',
  'printf x > /dev/null',
  'set -e; x=$(uname); : "$x"',
  'cd /tmp && ls > /dev/null',
];
const asks = [
  'test -f /etc/etcd/ready',
  '[ -f /etc/etcd/ready ] || exit 1',
  'set -e; [ -e /etc/etcd/ready ]; true',
  'grep -q etcd /etc/passwd',
  'until [ -f /etc/etcd/ready ]; do sleep 1; done',
  'while true; do sleep 60; done',
  'trap "exit 0" EXIT; exit 1',
];

test.each(fails)('%s fails, as sh has it', (script) => {
  expect(endingOf(script)).toBe('fails');
  expect(spawnSync('/bin/sh', ['-c', script]).status).not.toBe(0);
});

test.each(succeeds)('%s succeeds, as sh has it', (script) => {
  expect(endingOf(script)).toBe('succeeds');
  expect(spawnSync('/bin/sh', ['-c', script]).status).toBe(0);
});

test.each(asks)('%s depends on the machine', (script) => {
  expect(endingOf(script)).toBe('asks');
});

test.each([
  ['exec etcd', 'serves'],
  ['while true; do etcd; sleep 1; done', 'serves'],
  ['etcd & wait', 'serves'],
  ['etcd; exit 1', 'serves'],
  ['[ -f /etc/etcd/ready ] || exit 1; exec etcd', 'asks'],
  ['exit 1; exec etcd', 'fails'],
  ['etcd --version && exit 1', 'fails'],
])('%s: %s', (script, ending) => {
  expect(endingOf(script)).toBe(ending);
});
