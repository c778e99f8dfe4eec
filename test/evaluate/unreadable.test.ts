import { describe, expect, test } from 'vitest';
import { notUnderstoodIn } from '../../src/evaluate/not-given.ts';
import type { Unreadable } from '../../src/model/files.ts';
import { file as fileOf, member } from '../fixtures/builders.ts';

test.each<{ kind: Unreadable['kind']; give: string | undefined }>([
  { kind: 'denied', give: 'run as a user who may read ca.pem' },
  { kind: 'not-regular', give: 'replace ca.pem with a regular file' },
  { kind: 'link-loop', give: 'correct the symbolic link ca.pem' },
  { kind: 'no-settings', give: undefined },
])('what to do about a file that is $kind: $give', ({ kind, give }) => {
  const file = fileOf('ca.pem', { unreadable: { kind, text: 'a reason' } });

  const [item] = notUnderstoodIn({ files: [file] });

  expect(item).toMatchObject({ path: 'ca.pem', reason: 'a reason' });
  expect(item?.give?.split(',')[0]).toBe(give);
});

describe.each(['empty', 'no-pem'] as const)(
  'a file without a certificate, as it is %s,',
  (kind) => {
    const trap = { kind, detail: 'the file contains no certificate' };
    const files = [fileOf('n2.crt', { traps: [trap] })];

    test('is named where no settings say which files count', () => {
      expect(notUnderstoodIn({ files })).toEqual([{ path: 'n2.crt', reason: trap.detail }]);
      expect(
        notUnderstoodIn({ files, members: [{ ...member(), known: 'supposed' }] }),
      ).toHaveLength(1);
    });

    test('is passed over where settings name others', () => {
      expect(notUnderstoodIn({ files, members: [{ ...member(), known: 'settings' }] })).toEqual([]);
    });
  },
);
