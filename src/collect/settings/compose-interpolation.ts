import type { DocumentNode, EnvironmentVariable } from '../../model/settings.ts';
import { readForCompose } from './environment-file.ts';
import { expandReferences, expansionBudget } from './expansion-budget.ts';
import type { SettingsContext } from './settings-context.ts';

/** How the texts of a compose file are filled in, and the files that the values are from. */
export function interpolationFor(
  { location }: Pick<DocumentNode, 'location'>,
  context: SettingsContext,
): { readonly interpolate: (text: string) => string; readonly read: readonly string[] } {
  const file = context.find('.env', location.file);
  return file === undefined
    ? { interpolate: interpolator([]), read: [] }
    : { interpolate: interpolator(readForCompose(file)), read: [file.path] };
}

/** `${NAME:-default}` and its like, from `.env`; what only the shell that runs Compose knows stays as it is. */
function interpolator(known: readonly EnvironmentVariable[]) {
  const values = new Map(known.map(({ name, value }) => [name, value]));
  const budget = expansionBudget();
  const valueOf = (
    written: string,
    braced?: string,
    operator = '',
    operand = '',
    plain?: string,
  ): string => {
    if (written === '$$') return '$';
    return chosen({ written, operator, operand }, values.get(braced ?? plain ?? ''));
  };
  return (text: string): string => expandReferences(text, reference, valueOf, budget);
}

const reference = /\$\$|\$\{(\w+)(?:(:?[-?+])([^{}]*))?\}|\$(\w+)/g;

interface Expansion {
  readonly written: string;
  readonly operator: string;
  readonly operand: string;
}

function chosen({ written, operator, operand }: Expansion, value: string | undefined): string {
  const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'));
  if (operator.endsWith('+')) return isSet ? operand : '';
  if (isSet) return value;
  return operator.endsWith('-') ? operand : written;
}
