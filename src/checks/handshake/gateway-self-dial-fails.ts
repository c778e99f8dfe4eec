import { defineCheck, pass } from '../../model/check.ts';
import type { Edge } from '../../model/forecast.ts';
import { allows } from '../../pki/key-usage.ts';
import { examineBlamed } from '../support/refused-certificates.ts';
import { isRefused } from '../support/edges.ts';
import { gatewayBreaks } from '../support/gateway.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';
import { credentialsOf, trustingNothing } from '../../deployment/certificate-uses.ts';

export const gatewaySelfDialFails = defineCheck({
  id: 'gateway-self-dial-fails',
  title: "etcd refuses its own gateway's connection",
  severity: 'medium',
  rationale:
    'For its JSON gateway etcd dials its own client port with its own certificate. A server certificate of ' +
    'another CA than the one trusted for clients, one that is revoked, or an allowed host name makes the ' +
    'member refuse itself: `/v3/…` over HTTP is dead and the log fills, while etcdctl works.',
  remediation:
    'Give etcd a client certificate to dial with (`--client-cert-file`, `--client-key-file`, 3.5 and ' +
    'later), or switch the gateway off (`--enable-grpc-gateway=false`) where nobody uses it.',
  references: [etcdSecurity, etcdListener],
  standards: [],

  needs: ['files', 'members', 'clients', 'forecast'],

  targets(facts) {
    const leaves = new Map(credentialsOf(facts).map(({ leaf, file }) => [file.path, leaf]));
    const refusing = trustingNothing(facts);
    const others = facts.forecast.filter((edge) => edge.edge !== 'self' && isRefused(edge));
    return facts.forecast
      .filter((edge) => edge.edge === 'self')
      .map((edge) => ({
        target: { ...edge.target, kind: 'member' as const, name: `${edge.from} gateway` },
        edge,
        leaf: leaves.get(edge.credential ?? ''),
        isPartOfMore: refusing.has(edge.from) || others.some((other) => hasSameCause(edge, other)),
        breaks: gatewayBreaks(facts),
      }));
  },

  examine({ edge, leaf, breaks, isPartOfMore }) {
    // A missing usage, and what others refuse for the same reason, are findings of their own.
    const lacksUsage = leaf !== undefined && !allows(leaf, 'clientAuth');
    const isOther = isPartOfMore || (lacksUsage && edge.rule === 'x509.key-usage');
    if (!isRefused(edge) || edge.refusedBy === 'start' || isOther || isFoundAnyway(edge))
      return pass;

    return examineBlamed(
      { edges: [edge] },
      {
        message: `etcd refuses the connection to itself: ${breaks}`,
        expected: 'a certificate that its own client port accepts',
        actual: `${edge.credential ?? 'no certificate'} (${edge.rule})`,
      },
    );
  },
});

function hasSameCause(edge: Edge, { rule, blame }: Edge): boolean {
  return edge.rule === rule && edge.blame?.sha256 === blame?.sha256;
}

/** Certificates out of their dates, and ports that verify by the operating system, are findings of their own. */
function isFoundAnyway({ rule }: Edge): boolean {
  return ['x509.expired', 'x509.not-yet-valid', 'x509.system-roots'].includes(rule);
}
