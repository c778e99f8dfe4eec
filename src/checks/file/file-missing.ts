import { aboutFile } from '../../model/about.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import type { FileMatch } from '../../model/inventory.ts';
import type { Target } from '../../model/target.ts';
import { nameInWords } from '../../model/words.ts';
import { etcdConfiguration } from '../support/references.ts';

export const fileMissing = defineCheck({
  id: 'file-missing',
  title: 'File named in the settings does not exist',
  severity: 'medium',
  effect: 'stops-connections',
  rationale:
    'etcd opens the files of its settings at start and exits with `no such file or directory` if one is ' +
    'missing; a client cannot connect.',
  remediation: 'Put the file at the path in the settings, or correct the path in the settings.',
  references: [etcdConfiguration],

  explains: ['file.missing', 'file.unreadable', 'etcd.crl-unreadable'],
  needs: ['members', 'clients'],

  targets: ({ members, clients }) =>
    [...members, ...clients].flatMap(({ name, target, files }) =>
      files
        .filter(({ file, missing }) => file !== undefined || missing === true)
        .map((match) => ({ target: targetOf(name, target, match), name, match })),
    ),

  examine({ name, match: { deployed, missing, instead, because } }) {
    if (missing === undefined) return pass;

    return fail({
      about: [aboutFile(deployed, name), aboutFile(deployed)],
      message: `${deployed} ${states[instead ?? 'missing']}, but the settings of ${nameInWords(name)} refer to it`,
      expected: `a file at ${deployed}`,
      actual: because,
    });
  },
});

const states: Readonly<Record<NonNullable<FileMatch['instead']> | 'missing', string>> = {
  missing: 'does not exist',
  directory: 'is a directory',
  'not-a-directory': 'leads through a file as if it were a directory',
};

function targetOf(name: string, target: Target, { deployed }: FileMatch): Target {
  return { ...target, name: `${name} ${deployed}` };
}
