import { expect, test } from 'vitest';
import { formats, render } from '../../src/report/index.ts';
import { plainStyle } from '../../src/report/style.ts';
import { allPassed, everyVerdict } from './every-verdict.ts';

test.each(formats)('renders %s of any report, ending in one line break', async (format) => {
  for (const report of [
    everyVerdict,
    allPassed,
    { ...allPassed, results: [], checks: [], facts: {} },
  ]) {
    const text = await render(format, report, plainStyle);

    expect(text).toMatch(/\S\n$/);
    expect(text).not.toContain('undefined');
  }
});

test('colours text for terminals, and never files for machines', async () => {
  const style = { ...plainStyle, color: true };

  expect(await render('text', everyVerdict, style)).toContain('\u001b[1m\u001b[31mFAIL');
  expect(await render('json', everyVerdict, style)).toBe(
    await render('json', everyVerdict, plainStyle),
  );
});
