import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { fileTarget } from '../../deployment/certificate-uses.ts';
import { etcdConfiguration } from '../support/references.ts';

export const unreadableFile = defineCheck({
  id: 'unreadable-file',
  title: 'A file of the set cannot be read by anybody',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'A dangling link, a directory in the place of a file or a device error stops etcd: the peer port ' +
    'at once, the client port only after the member has joined.',
  remediation: 'Put the file in its place, or mend the link that leads to it.',
  references: [etcdConfiguration],
  standards: [],

  needs: ['files'],

  targets: ({ files }) => files.map((file) => ({ target: fileTarget(file), file })),

  examine({ file: { unreadable, linkTarget } }) {
    if (unreadable === undefined) return pass;
    // What this account may not read, etcd's account perhaps may.
    if (/EACCES|EPERM|permission|too (large|big)|named like settings/i.test(unreadable)) {
      return inconclusive(`it could not be read: ${unreadable}`);
    }

    return fail({
      message: `this file cannot be read: ${unreadable}`,
      ...(linkTarget !== undefined && { cause: `it is a link to ${linkTarget}` }),
    });
  },
});
