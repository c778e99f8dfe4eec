import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Known } from '../../model/check.ts';
import type { EndpointObservation } from '../../model/live.ts';
import { causeInWords, diagnoseAttempt } from '../support/live-diagnosis.ts';
import { etcdSecurity } from '../support/references.ts';
import { type Credential, credentialsOf } from '../../deployment/certificate-uses.ts';

export const servedCertificateDiffersFromFile = defineCheck({
  id: 'served-certificate-differs-from-file',
  title: 'A member serves another certificate than its file holds',
  severity: 'high',
  rationale:
    'etcd reads its certificate anew on every handshake, so what it serves is what lies on its disk. ' +
    'Another one means that the file here was never deployed, that the settings name another path, or ' +
    'that something in between ends TLS: what the files say does not hold for this endpoint.',
  remediation:
    'Compare `openssl x509 -noout -fingerprint -sha256 -in FILE` on the member with the fingerprint ' +
    'served, and put certificate and key in place together. No restart is needed.',
  references: [etcdSecurity],
  standards: [],

  needs: ['files', 'members', 'clients', 'endpoints'],
  welcomes: ['forecast', 'processes'],

  targets: (facts) =>
    facts.endpoints.flatMap((observed) => {
      const credential = credentialAt(observed, facts);
      const served = observed.flight?.chain[0];
      return credential === undefined || served === undefined
        ? []
        : [{ target: observed.target, credential, served, observed }];
    }),

  examine({ credential: { file, leaf }, served, observed }, { facts, now }) {
    if (served.sha256 === leaf.sha256) return pass;

    const diagnosis = diagnoseAttempt(observed, undefined, facts, now);
    const isForeign = diagnosis.cause === 'PROXY';
    const sameKey = served.publicKey.sha256 === leaf.publicKey.sha256;
    return fail({
      message: `it serves another certificate than ${file.path} holds`,
      expected: `${leaf.subject.text}, serial ${leaf.serialNumber}, valid until ${leaf.notAfter}`,
      actual: `${served.subject.text}, serial ${served.serialNumber}, valid until ${served.notAfter}`,
      cause: isForeign ? causeInWords(diagnosis) : whyDifferent(sameKey),
      ...(isForeign && { fix: diagnosis.remedy }),
    });
  },
});

function whyDifferent(sameKey: boolean): string {
  return sameKey
    ? 'both have the same key: one is a renewal of the other'
    : 'they have different keys: the pair was replaced on one side only, or another process answers';
}

function credentialAt(
  { endpoint }: EndpointObservation,
  facts: Known<'files' | 'members' | 'clients'>,
): Credential | undefined {
  const role = endpoint.serves === 'peer' ? 'peer' : 'server';
  return credentialsOf(facts, role).find(({ uses }) =>
    uses.some((use) => use.role === role && use.owner === endpoint.member),
  );
}
