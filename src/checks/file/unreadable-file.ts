import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { type About, aboutFile } from '../../model/about.ts';
import type { FileFact, Unreadable } from '../../model/files.ts';
import type { FileMatch } from '../../model/inventory.ts';
import { fileTarget } from '../../deployment/certificate-uses.ts';
import { etcdConfiguration } from '../support/references.ts';

export const unreadableFile = defineCheck({
  id: 'unreadable-file',
  title: 'File of the set cannot be read',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'A dangling link, a directory in place of a file or a device error stops etcd: the peer port at once, ' +
    'the client port only after the member has joined.',
  remediation: 'Put the file in place, or fix the link to it.',
  references: [etcdConfiguration],

  explains: ['file.missing', 'file.unreadable'],
  needs: ['files'],
  welcomes: ['members', 'clients'],

  targets: ({ files, members = [], clients = [] }) =>
    files.map((file) => ({
      target: fileTarget(file),
      file,
      about: file.unreadable === undefined ? [] : aboutUnreadable(file, [...members, ...clients]),
    })),

  examine({ about, file: { path, unreadable, linkTarget } }) {
    if (unreadable === undefined) return pass;
    // What this account may not read, etcd's account perhaps may.
    if (saysNothingOfEtcd.has(unreadable.kind)) {
      return inconclusive(`${path} could not be read: ${unreadable.text}`);
    }

    return fail({
      about,
      message: `${path} cannot be read: ${unreadable.text}`,
      ...(linkTarget !== undefined && { cause: `the path is a link to ${linkTarget}` }),
    });
  },
});

const saysNothingOfEtcd: ReadonlySet<Unreadable['kind']> = new Set([
  'denied',
  'too-large',
  'too-deep',
  'no-settings',
  'outside',
]);

interface Owner {
  readonly name: string;
  readonly files: readonly FileMatch[];
}

/** The file itself, and the paths in settings matched to it. */
function aboutUnreadable({ path }: FileFact, owners: readonly Owner[]): readonly About[] {
  const deployed = owners.flatMap(({ name, files }) =>
    files.filter(({ file }) => file === path).map((match) => aboutFile(match.deployed, name)),
  );
  return [aboutFile(path), ...deployed];
}
