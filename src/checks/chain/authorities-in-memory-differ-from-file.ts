import { defineCheck, fail, pass } from '../../model/check.ts';
import { comparePool } from '../../pki/pool-names.ts';
import { etcdListener } from '../support/references.ts';
import { certificatesIn, fileFor } from '../../deployment/certificate-uses.ts';
import type { DistinguishedName } from '../../model/certificate.ts';
import { enumerate } from '../../model/words.ts';
import { portNamed } from '../support/subjects.ts';

export const authoritiesInMemoryDifferFromFile = defineCheck({
  id: 'authorities-in-memory-differ-from-file',
  title: 'Running member trusts other CAs than its file contains',
  severity: 'high',
  rationale:
    'etcd reads its trusted CA file only at start. A CA added since then is not trusted yet, and its ' +
    'certificates are rejected; a CA that was removed is still trusted.',
  remediation:
    'Restart the member (`systemctl restart etcd`), one member at a time, the next one when `etcdctl ' +
    'endpoint health` succeeds. Restart all of them before new leaf certificates are installed.',
  references: [etcdListener],

  decidedBy: 'comparison',
  needs: ['files', 'members', 'endpoints'],

  targets: (facts) =>
    facts.endpoints.flatMap((observed) => {
      const { endpoint, flight, target } = observed;
      const member = facts.members.find(({ name }) => name === endpoint.member);
      const settings = member?.settings[endpoint.serves === 'peer' ? 'peer' : 'client'];
      const file = member && fileFor(settings?.trustedCaFile, member, facts);
      if (file === undefined || !flight?.clientCertificateRequested) return [];
      return [{ target, endpoint, file, inMemory: flight.acceptableCas }];
    }),

  examine({ endpoint, file, inMemory }) {
    // The names alone travel: a CA that took the place of another of its name looks the same from here.
    const onDisk = certificatesIn(file);
    const { added, removed } = comparePool(onDisk, inMemory);
    if (added.length === 0 && removed.length === 0) return pass;

    return fail({
      message: `${portNamed(endpoint)} ${differing(added, removed)} ${file.path}`,
      expected: enumerate(onDisk.map(({ subject }) => subject.text)),
      actual: enumerate(inMemory.map(({ text }) => text)) || 'an empty list',
      cause: `${whyDifferent(added, removed)}, or another file is in use`,
      ...(added.length === 0 && { fix: dropOrKeep(removed, file.path) }),
    });
  },
});

type Names = readonly Pick<DistinguishedName, 'text'>[];

function differing(added: Names, removed: Names): string {
  if (removed.length === 0) return 'does not trust every CA in';
  return added.length === 0 ? 'trusts more CAs than those in' : 'does not trust the CAs in';
}

function whyDifferent(added: Names, removed: Names): string {
  if (removed.length === 0) return 'a CA was added to the file after the process had started';
  if (added.length === 0) return 'a CA was removed from the file after the process had started';
  return 'the file was replaced after the process had started';
}

/** A restart ends the trust in those that are in memory alone. */
function dropOrKeep(removed: Names, path: string): string {
  const names = enumerate([...new Set(removed.map(({ text }) => text))]);
  return (
    `Where a certificate of ${names} is still in use, put that CA into ${path} first. Then restart the ` +
    'member (`systemctl restart etcd`).'
  );
}
