import { InputError } from '../input-error.ts';
import type { CheckMetadata } from '../model/check.ts';
import type { OptionReader } from './read-options.ts';

/** The benchmark that `--standard` names, as checks write it; `cis-1.12` for `CIS Kubernetes 1.12`. */
export function readStandard(
  options: OptionReader,
  catalogue: readonly CheckMetadata[],
): string | undefined {
  const wanted = options.text('standard');
  if (wanted === undefined) return undefined;
  const known = [
    ...new Set(catalogue.flatMap(({ standards }) => standards.map(({ standard }) => standard))),
  ];
  const found = known.find((standard) => shortName(standard) === shortName(wanted));
  if (found !== undefined) return found;
  throw new InputError('OPTION_INVALID', `unknown standard "${wanted}"`, {
    hint: `use one of ${known.map(shortName).join(', ')}`,
  });
}

/** `CIS Kubernetes 1.12` and `cis-1.12` are the same. */
function shortName(standard: string): string {
  return standard
    .toLowerCase()
    .replace('kubernetes', '')
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
