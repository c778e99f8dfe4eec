import type { Report } from '../../model/report.ts';
import { counted, enumerate } from '../../model/words.ts';
import type { Summary } from '../summary.ts';
import { type Child, type Markup, markup } from './markup.ts';
import { groupBy } from '../../model/group-by.ts';

/** What could not be seen or answered, and why: never folded away, since it is never green. */
export function gapsSection(report: Report, { unanswered, crashed }: Summary): Child {
  const reasons = groupBy(
    unanswered.flatMap(({ check, target, verdict }) =>
      verdict.status === 'inconclusive' ? [{ check, target, because: verdict.because }] : [],
    ),
    ({ because }) => because,
  );
  const open = [...reasons].map(([because, same]) => {
    const questions = same.map(({ check, target }) => `${check.id} at ${target.name}`);
    return item(because, enumerate(questions, 4));
  });
  const gaps = report.gaps.map(({ what, because }) => item(what, because));
  const crashes = crashed.map(({ check, target, verdict }) =>
    item(
      `${check.id} crashed at ${target.name}, an internal error of this tool`,
      'because' in verdict ? verdict.because : '',
    ),
  );
  const unread = report.verdict.notUnderstood.map(({ path, line, reason }) =>
    item(`Not understood: ${path}${line === undefined ? '' : `:${line}`}`, reason),
  );
  const items = [...unread, ...open, ...gaps, ...crashes];
  if (items.length === 0) return undefined;
  return markup`<section id="gaps" aria-labelledby="gaps-title"><h2 id="gaps-title">Could not check</h2>
<dl class="gaps">${items}</dl></section>`;
}

function item(what: string, because: string): Markup {
  return markup`<dt class="data">${what}</dt><dd class="data">${because}</dd>
`;
}

/** Waivers that did nothing: expired ones fail the run. */
export function waiversSection({ waivers = [] }: Report): Child {
  const idle = waivers.filter(({ state }) => state !== 'used');
  if (idle.length === 0) return undefined;
  return markup`<section id="waivers" aria-labelledby="waivers-title"><h2 id="waivers-title">Waivers without effect</h2>
<dl class="gaps">${idle.map(({ waiver, state }) => item(`${state}: ${waiver.check} at ${waiver.target}`, `${waiver.owner}, until ${waiver.expires}: ${waiver.reason}`))}</dl></section>`;
}

/** What passed and what was guessed, for those who ask. */
export function backgroundSection({ results, facts }: Report): Child {
  const passed = groupBy(
    results.filter(({ verdict }) => verdict.status === 'pass'),
    ({ check }) => check.id,
  );
  const { guesses = [], ignored = [] } = facts;
  return [
    passed.size > 0 &&
      markup`<details class="more background"><summary>Passed: ${counted(passed.size, 'check')}</summary><dl class="gaps">${[...passed].map(([id, same]) => item(id, enumerate(same.map(({ target }) => target.name))))}</dl></details>`,
    guesses.length > 0 &&
      markup`<details class="more background"><summary>Guessed from the files: ${guesses.length}</summary><dl class="gaps">${guesses.map(({ about, conclusion, because, ambiguous }) => item(`${about}: ${conclusion}${ambiguous ? ' (not certain)' : ''}`, because))}</dl></details>`,
    ignored.length > 0 &&
      markup`<details class="more background"><summary>Ignored by the inventory: ${ignored.length}</summary><dl class="gaps">${ignored.map(({ path, pattern }) => item(path, `matches ${pattern}`))}</dl></details>`,
  ];
}
