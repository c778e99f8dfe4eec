import type { Run } from './runtime.ts';
import { become, copyOf, costOf } from './state.ts';

/** Runs something whose changes of the shell end with it; for what runs in the background the shell does not wait. */
export function inSubshell(run: Run, body: () => void, isBackground = false): void {
  const before = copyOf(run.state);
  run.steps -= costOf(run.state);
  const { frames, statuses } = run;
  run.frames = [];
  run.statuses = [];
  body();
  const { ended, hasAssumed } = run.state;
  const ends = [...run.statuses, ...(ended ? [] : [run.state.status])];
  if (isBackground) run.jobs.push(inCommon(ends), ...(run.condition ? [undefined] : []));
  const hasRun = hasAssumed || run.statuses.length > 0;
  run.frames = frames;
  run.statuses = statuses;
  become(run.state, {
    ...before,
    hasAssumed: before.hasAssumed || hasRun,
    status: isBackground ? 0 : inCommon(ends),
    // It never ends, so nothing after it runs.
    ended: !isBackground && hasAssumed && ends.length === 0,
  });
}

function inCommon([first, ...rest]: readonly (number | undefined)[]): number | undefined {
  return rest.every((each) => each === first) ? first : undefined;
}
