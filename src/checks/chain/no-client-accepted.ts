import {
  certificatesIn,
  type CertificateSet,
  fileFor,
  fileTarget,
  keysIn,
} from '../../deployment/certificate-uses.ts';
import { listenersOf } from '../../deployment/listeners.ts';
import { goOf } from '../../deployment/go-rules.ts';
import { aboutCertificate } from '../../model/about.ts';
import { defineCheck, fail, inconclusive, type Known, pass } from '../../model/check.ts';
import type { Certificate } from '../../model/certificate.ts';
import type { FileFact } from '../../model/files.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Member } from '../../model/inventory.ts';
import { enumerate } from '../../model/words.ts';
import { authorizedBy } from '../../pki/authorizes.ts';
import { goX509, rfc5280 } from '../support/references.ts';

/** A client may be unknown; whether there can be one that a member accepts is known all the same. */
export const noClientAccepted = defineCheck({
  id: 'no-client-accepted',
  title: 'Trusted CA file accepts no client certificate',
  severity: 'high',
  decidedBy: 'file',
  effect: 'stops-connections',
  rationale:
    'etcd accepts a client whose certificate a CA in the trusted CA file issued. If none of them can issue one ' +
    'that Go accepts for `clientAuth`, the member rejects every client, whatever certificate it has.',
  remediation:
    'Put a CA into the trusted CA file that has `basicConstraints=critical,CA:TRUE`, `keyUsage` with keyCertSign ' +
    'and no `extendedKeyUsage`, and issue the client certificates from it. Restart the members one at a time.',
  references: [goX509, rfc5280('4.2.1.12')],

  explains: [
    'x509.key-usage',
    'x509.critical-extension',
    'x509.issuer-not-an-authority',
    'x509.authority-key-too-small',
  ],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) =>
    [...groupBy(trustingMembers(facts), ({ file }) => file)].map(([file, trusting]) => ({
      target: fileTarget(
        file,
        trusting.map(({ member }) => ({ owner: member.name, member })),
      ),
      file,
      members: trusting.map(({ member }) => member),
    })),

  examine({ file, members }, { facts, now }) {
    const certificates = certificatesIn(file);
    const asked = members.map((member) => ({
      member,
      answers: certificates.map((certificate) => ({
        certificate,
        answer: authorizedBy(certificate, { usage: 'clientAuth', at: now, go: goOf(member) }),
      })),
    }));
    // Members of other releases may accept what these reject.
    const rejecting = asked.filter(
      ({ answers }) => !answers.some(({ answer }) => answer.kind === 'issued'),
    );
    const names = rejecting.map(({ member }) => member.name);
    if (names.length === 0 || isAnsweredByClients(new Set(names), facts)) return pass;

    const port = `the client port of ${enumerate(names, 4)}`;
    const answers = rejecting.flatMap((each) => each.answers);
    const alone = answers.filter(({ answer }) => answer.kind === 'itself');
    if (alone.length > 0) {
      if (alone.some(({ certificate }) => isPinned(certificate, facts))) return pass;
      return inconclusive(
        `${port} accepts no certificate that another issued, since ${namesOf(alone)} in ${file.path} may not issue any`,
        'give the settings of a client, or name the CA of the clients in `--trusted-ca-file`',
      );
    }
    const errors = answers.flatMap(({ answer }) => (answer.kind === 'none' ? [answer.error] : []));
    // Dates of a CA in use, and files that cannot be read, are findings of other checks.
    if (errors.every(({ kind }) => ofOtherChecks.has(kind))) return pass;
    return fail({
      about: certificates.map((certificate) => aboutCertificate(certificate)),
      message: `${port} accepts no client: Go rejects every certificate that ${namesOf(answers)} issued`,
      expected: 'a CA that can issue certificates with `clientAuth`',
      actual: enumerate([...new Set(errors.map(({ text }) => text))], 4),
    });
  },
});

const ofOtherChecks: ReadonlySet<string> = new Set([
  'x509.expired',
  'x509.not-yet-valid',
  'x509.malformed',
]);

interface Trusting {
  readonly member: Member;
  readonly file: FileFact;
}

/** Members whose settings are known and ask clients for certificates of the CAs in a file. */
function trustingMembers(facts: CertificateSet): readonly Trusting[] {
  return listenersOf(facts, 'client').flatMap(({ member, tls }) => {
    const { trustedCaFile, clientAuthentication, encryptedUrls } = tls;
    if (member.known !== 'settings' || encryptedUrls.length === 0) return [];
    if (clientAuthentication !== 'trusted-ca') return [];
    const file = fileFor(trustedCaFile, member, facts);
    // A file that is not there or holds no certificate has a finding of its own.
    return file === undefined || certificatesIn(file).length === 0 ? [] : [{ member, file }];
  });
}

/** A stated client that is accepted, or rejected for its certificate, is shown by other checks. */
function isAnsweredByClients(
  names: ReadonlySet<string>,
  { clients, forecast }: Known<'clients' | 'forecast'>,
): boolean {
  const stated = new Set(clients.flatMap(({ name, known }) => (known === 'supposed' ? [] : name)));
  return forecast.some(
    ({ edge, from, member = '', outcome, refusedBy, rule }) =>
      edge === 'client' &&
      stated.has(from) &&
      names.has(member) &&
      (outcome === 'accepted' || (refusedBy === 'server' && rule.startsWith('x509.'))),
  );
}

/** A self-signed certificate whose key is there is one that clients can be given. */
function isPinned({ subject, issuer, publicKey }: Certificate, { files }: Known<'files'>): boolean {
  const hasKey = files.some((file) =>
    keysIn(file).some(({ publicKeySha256 }) => publicKeySha256 === publicKey.sha256),
  );
  return subject.raw === issuer.raw && hasKey;
}

function namesOf(all: readonly { readonly certificate: Certificate }[]): string {
  return enumerate([...new Set(all.map(({ certificate }) => certificate.subject.text))], 4);
}
