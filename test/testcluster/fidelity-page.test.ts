import { expect, test } from 'vitest';
import { withPart, withSentence } from '../../testcluster/fidelity-page.ts';

test('a part replaces the one of its heading and leaves the other', () => {
  const page = '# One\n\nold\n\n## Below\n\n# Two\n\nstays\n';

  expect(withPart(page, '# One\n\nnew\n')).toBe('# One\n\nnew\n\n# Two\n\nstays\n');
});

test('a part that is not there yet comes last', () => {
  expect(withPart('# One\n', '# Two\n\nnew')).toBe('# One\n\n# Two\n\nnew\n');
});

test('the sentence of the README replaces the last one', () => {
  const readme = '## How\n\n- **The forecast**: old,\n  and more\n- **Other**: stays\n';

  expect(withSentence(readme, '- **The forecast**: $& new')).toBe(
    '## How\n\n- **The forecast**: $& new\n- **Other**: stays\n',
  );
  expect(() => withSentence('no list', 'x')).toThrow('README.md has no item');
});
