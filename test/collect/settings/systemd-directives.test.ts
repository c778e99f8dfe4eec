import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isKnownDirective } from '../../../src/collect/settings/unit-directives.ts';
import { skipWithout } from '../../support/skip-without.ts';

skipWithout('packaging');

test('every directive of systemd is known', () => {
  const dumped = execFileSync('/lib/systemd/systemd', ['--dump-configuration-items'], {
    encoding: 'utf8',
  });
  const [, section = ''] = /^\[Service\]\n((?:[^[\n].*\n)+)/m.exec(dumped) ?? [];
  const names = section.split('\n').flatMap((line) => /^\s*(\w+)=/.exec(line)?.[1] ?? []);

  expect(names.length).toBeGreaterThan(200);
  expect(names.filter((name) => !isKnownDirective(name))).toEqual([]);
});
