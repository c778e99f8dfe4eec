import { expect, test } from 'vitest';
import { withPart } from '../../testcluster/fidelity-page.ts';

test('a part replaces the one of its heading and leaves the other', () => {
  const page = '# One\n\nold\n\n## Below\n\n# Two\n\nstays\n';

  expect(withPart(page, '# One\n\nnew\n')).toBe('# One\n\nnew\n\n# Two\n\nstays\n');
});

test('a part that is not there yet comes last', () => {
  expect(withPart('# One\n', '# Two\n\nnew')).toBe('# One\n\n# Two\n\nnew\n');
});
