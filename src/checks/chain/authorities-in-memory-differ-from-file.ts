import { defineCheck, fail, pass } from '../../model/check.ts';
import { comparePool } from '../../pki/pool-names.ts';
import { etcdListener } from '../support/references.ts';
import { certificatesIn, fileFor } from '../../deployment/certificate-uses.ts';
import { enumerate } from '../../model/words.ts';

export const authoritiesInMemoryDifferFromFile = defineCheck({
  id: 'authorities-in-memory-differ-from-file',
  title: 'A running member trusts other CAs than its file holds',
  severity: 'high',
  rationale:
    'etcd reads its trusted CA file at start only. A CA that was added since is not trusted yet, and ' +
    'certificates that it issued are refused; one that was taken out still lets its clients in.',
  remediation:
    'Restart the member: `systemctl restart etcd`, one member at a time, the next when ' +
    '`etcdctl endpoint health` is good. Restart all of them before new leaves are put in place.',
  references: [etcdListener],
  standards: [],

  needs: ['files', 'members', 'endpoints'],

  targets: (facts) =>
    facts.endpoints.flatMap((observed) => {
      const { endpoint, flight, target } = observed;
      const member = facts.members.find(({ name }) => name === endpoint.member);
      const settings = member?.settings[endpoint.serves === 'peer' ? 'peer' : 'client'];
      const file = member && fileFor(settings?.trustedCaFile, member, facts);
      if (file === undefined || !flight?.clientCertificateRequested) return [];
      return [{ target, file, inMemory: flight.acceptableCas }];
    }),

  examine({ file, inMemory }) {
    // The names alone travel: a CA that took the place of another of its name looks the same from here.
    const onDisk = certificatesIn(file);
    const { added, removed } = comparePool(onDisk, inMemory);
    if (added.length === 0 && removed.length === 0) return pass;

    return fail({
      message: `the running process does not trust the CAs that ${file.path} holds`,
      expected: enumerate(onDisk.map(({ subject }) => subject.text)),
      actual: enumerate(inMemory.map(({ text }) => text)) || 'an empty list',
      cause: whyDifferent(added.length, removed.length),
    });
  },
});

function whyDifferent(added: number, removed: number): string {
  if (removed === 0) return 'a CA was added to the file after the process had started';
  if (added === 0) return 'a CA was taken out of the file after the process had started';
  return 'the file was replaced after the process had started, or another file is in force';
}
