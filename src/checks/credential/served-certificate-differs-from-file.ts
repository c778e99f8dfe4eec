import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Known, Verdict } from '../../model/check.ts';
import { ownerOf } from '../../deployment/fronts.ts';
import { isIpAddress } from '../../model/host.ts';
import type { EndpointObservation, MemberListObservation } from '../../model/live.ts';
import { causeInWords, diagnoseAttempt } from '../support/live-diagnosis.ts';
import { etcdSecurity } from '../support/references.ts';
import { type Credential, credentialsOf } from '../../deployment/certificate-uses.ts';
import { showMoment } from '../support/when.ts';
import { portNamed } from '../support/subjects.ts';

export const servedCertificateDiffersFromFile = defineCheck({
  id: 'served-certificate-differs-from-file',
  title: 'Served certificate differs from the certificate file',
  severity: 'high',
  rationale:
    'etcd reads its certificate again in every handshake, so it serves what is on its disk. A different ' +
    'certificate means that this file was never deployed, that the settings name another path, or that a ' +
    'proxy terminates TLS: the files do not describe this endpoint.',
  remediation:
    'Compare `openssl x509 -noout -fingerprint -sha256 -in FILE` on the member with the served ' +
    'fingerprint, and install certificate and key together. No restart is needed.',
  references: [etcdSecurity],

  decidedBy: 'comparison',
  needs: ['files', 'members', 'clients', 'endpoints'],
  welcomes: ['forecast', 'processes', 'memberLists'],

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

    const owner = ownerOf(served.sha256, facts, roleAt(observed));
    if (owner !== undefined && owner !== observed.endpoint.member) {
      return isAnothers(observed, owner, reached(observed, facts.memberLists));
    }

    const diagnosis = diagnoseAttempt(observed, undefined, facts, now);
    const isForeign = diagnosis.cause === 'PROXY';
    const sameKey = served.publicKey.sha256 === leaf.publicKey.sha256;
    return fail({
      message: `${portNamed(observed.endpoint)} serves a different certificate than ${file.path}`,
      expected: `${leaf.subject.text}, serial ${leaf.serialNumber}, valid until ${showMoment(leaf.notAfter)}`,
      actual: `${served.subject.text}, serial ${served.serialNumber}, valid until ${showMoment(served.notAfter)}`,
      cause: isForeign ? causeInWords(diagnosis) : whyDifferent(sameKey),
      ...(isForeign && { fix: diagnosis.remedy }),
    });
  },
});

/** The name of the member that answered there, by its own id. */
function reached(
  { endpoint: { url } }: EndpointObservation,
  memberLists: readonly MemberListObservation[] = [],
): string | undefined {
  const list = memberLists.find(
    ({ endpoint, respondingMemberId }) => endpoint.url === url && respondingMemberId !== undefined,
  );
  return list?.members.find(({ id }) => id === list.respondingMemberId)?.name;
}

/** Either the way leads to the other member, or this one has been given the other's files. */
function isAnothers(
  { endpoint, dialled }: EndpointObservation,
  owner: string,
  answered: string | undefined,
): Verdict {
  const { host, member = 'the member' } = endpoint;
  const at = dialled === undefined || dialled === host ? host : `${host} (${dialled})`;
  const message = `the certificate of ${owner} is served where ${member} should answer`;
  if (answered === member) {
    return fail({
      message,
      expected: `the certificate of ${member}`,
      actual: `${member} answers, with the certificate of ${owner}`,
      cause: `the certificate and key of ${owner} were copied to ${member}`,
      fix: `Restore the certificate and key of ${member} on ${at}. No restart is needed.`,
    });
  }
  const others =
    answered === undefined ? `, or the files of ${owner} were copied to ${member}` : '';
  return fail({
    message,
    expected: `${member} at ${at}`,
    actual: answered ?? owner,
    ...(isIpAddress(host)
      ? {
          cause: `connections to ${host} are led to ${owner} (NAT, port forward or load balancer)${others}`,
          fix: `Look for what forwards ${host}, on that host and before it (\`iptables -t nat -S\`, load balancers), and correct it or the endpoint.`,
        }
      : {
          cause: `${at} resolves or routes to ${owner} (DNS record, /etc/hosts or load balancer)${others}`,
          fix: `Compare \`getent hosts ${host}\` here with the address of ${member}; correct the record, the route or the endpoint.`,
        }),
  });
}

function whyDifferent(sameKey: boolean): string {
  return sameKey
    ? 'both have the same key: one is a renewal of the other'
    : 'the certificates have different keys: the pair was replaced on one side only, or another process answers';
}

function roleAt({ endpoint }: Pick<EndpointObservation, 'endpoint'>): 'peer' | 'server' {
  return endpoint.serves === 'peer' ? 'peer' : 'server';
}

function credentialAt(
  { endpoint }: EndpointObservation,
  facts: Known<'files' | 'members' | 'clients'>,
): Credential | undefined {
  const role = roleAt({ endpoint });
  return credentialsOf(facts, role).find(({ uses }) =>
    uses.some((use) => use.role === role && use.owner === endpoint.member),
  );
}
