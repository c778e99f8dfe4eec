import { catalogue } from '../checks/index.ts';
import { InputError } from '../input-error.ts';
import type { CatalogueEntry } from '../model/check.ts';
import { renamedChecks } from '../model/renamed-checks.ts';
import { nearest } from '../model/nearest.ts';

/** The check of this id. Throws OPTION_INVALID: a misspelt id would silently check less, or more, than was asked for. */
export function checkNamed(id: string): CatalogueEntry {
  const check = catalogue.find((candidate) => candidate.id === id);
  if (check !== undefined) return check;

  const renamed = renamedChecks[id];
  if (renamed !== undefined) {
    throw new InputError('OPTION_INVALID', `check "${id}" has been renamed`, {
      hint: `use its new name ${renamed}`,
    });
  }
  const ids = catalogue.map((candidate) => candidate.id);
  const containing = ids.filter((each) => id.length >= 4 && each.includes(id));
  const guess = nearest(id, ids) ?? (containing.length === 1 ? containing[0] : undefined);
  throw new InputError('OPTION_INVALID', `unknown check "${id}"`, {
    hint: guess === undefined ? '`etcd-tls-audit checks` lists them' : `did you mean ${guess}?`,
  });
}
