import { expect, test } from 'vitest';
import { notUnderstoodIn } from '../../src/evaluate/not-given.ts';
import type { Unreadable } from '../../src/model/files.ts';
import { file as fileOf } from '../fixtures/builders.ts';

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
