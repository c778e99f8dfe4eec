import { causes } from '../../diagnoses/cause.ts';
import { causeOfRule } from '../../forecast/rules.ts';
import type { Certificate } from '../../model/certificate.ts';
import { isAboutName } from '../../model/refusal.ts';
import { anyTime } from '../../pki/find-fault.ts';
import { defineCheck, fail, type Known, pass } from '../../model/check.ts';
import { whyAndHow } from '../support/live-diagnosis.ts';
import { aboutCertificate, aboutEdge, aboutName } from '../../model/about.ts';
import { type Edge, leadsTo } from '../../model/forecast.ts';
import type { SeenEndpoint } from '../../model/live.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verify, type VerificationError } from '../../pki/verify.ts';
import { showNames } from '../../deployment/names.ts';
import { goX509 } from '../support/references.ts';
import { bundlesOf, certificatesIn, credentialsOf } from '../../deployment/certificate-uses.ts';
import { portNamed } from '../support/subjects.ts';

export const servedCertificateRefused = defineCheck({
  id: 'served-certificate-refused',
  title: 'Clients reject the served certificate',
  severity: 'high',
  rationale:
    'With the CA files of the clients the served certificate is not valid for the host they connect to. ' +
    'Clients fail with an x509 error or a timeout.',
  remediation:
    'Reissue the certificate with the right names, usages and dates, or give the clients the CA that ' +
    'issued it.',
  references: [goX509],

  explains: ['seen-refused'],
  decidedBy: 'observation',
  needs: ['files', 'members', 'clients', 'endpoints'],
  welcomes: ['forecast', 'processes', 'memberLists'],

  // Of a member with settings it is predicted, and serving another certificate than its file has a finding of its own.
  targets(facts) {
    const roots = bundlesOf(facts)
      .filter(({ trustedBy }) => trustedBy.some(({ purpose }) => purpose === 'servers'))
      .flatMap(({ file }) => certificatesIn(file));
    const served = credentialsOf(facts, 'server').flatMap(({ uses }) => uses);
    const stated = new Set(
      facts.members.filter(({ known }) => known === 'settings').map(({ name }) => name),
    );
    const hasFile = new Set(served.map(({ owner }) => owner).filter((owner) => stated.has(owner)));
    return facts.endpoints.flatMap((observed) => {
      const { target, endpoint, flight } = observed;
      const [leaf, ...intermediates] = flight?.chain ?? [];
      if (leaf === undefined || hasFile.has(endpoint.member ?? '')) return [];
      if (endpoint.serves !== 'client' || roots.length === 0) return [];
      return [{ target, observed, endpoint, leaf, intermediates, roots }];
    });
  },

  examine({ observed, endpoint, leaf, intermediates, roots }, { facts, now: at }) {
    const { host: hostName } = endpoint;
    const options = {
      roots,
      intermediates,
      hostName,
      usage: 'serverAuth',
      at,
      go: currentGo,
    } as const;
    const all = refusalsOf(leaf, options);
    // Expired certificates are a finding of their own, which is not about names and CAs.
    const refusal = all.find(({ kind }) => !isDate(kind)) ?? all[0];
    if (refusal === undefined) return pass;

    const { kind } = refusal;
    const next = all.filter((other) => other !== refusal && !isDate(other.kind));
    const said = all.slice(0, all.indexOf(refusal) + 1).map(({ text }) => text);
    return fail({
      rejectedBy: kind,
      about: [
        kind === 'x509.host-name' ? aboutName(leaf, hostName) : aboutCertificate(leaf),
        ...edgesAt(endpoint, facts).map(aboutEdge),
      ],
      message: `clients reject the certificate that ${portNamed(endpoint)} serves`,
      expected: `a certificate for ${hostName} by a CA that the clients trust`,
      actual: `${leaf.subject.text} by ${leaf.issuer.text}, for ${showNames(leaf)}`,
      ...withNext(
        whyAndHow(observed, `clients report: ${said.join('\nand then: ')}`, facts, at, refusal),
        next,
      ),
    });
  },
});

type Options = Parameters<typeof verify>[1];

/** What clients report, and what they report next once that is fixed: Go looks at dates and names before it looks for a CA. */
function refusalsOf(leaf: Certificate, options: Options): readonly VerificationError[] {
  const verification = verify(leaf, options);
  if (verification.ok) return [];
  const { error } = verification;
  const { hostName: _hostName, ...withoutName } = options;
  if (isDate(error.kind)) return [error, ...refusalsOf(leaf, { ...options, at: anyTime })];
  return isAboutName(error.kind) ? [error, ...refusalsOf(leaf, withoutName)] : [error];
}

function isDate(kind: VerificationError['kind']): boolean {
  return kind === 'x509.expired' || kind === 'x509.not-yet-valid';
}

/** Every fault has words and a fix of its own. */
function withNext(
  { cause, fix }: { readonly cause: string; readonly fix: string },
  next: readonly VerificationError[],
): { readonly cause: string; readonly fix: string } {
  const codes = next.map(({ kind }) => causeOfRule(kind, 'client') ?? 'UNKNOWN');
  return {
    cause: [cause, ...next.map(({ text }, index) => `and then: ${text} [${codes[index]}]`)].join(
      '\n',
    ),
    fix: [fix, ...codes.map((code) => causes[code].remedy)].join(' '),
  };
}

function edgesAt(
  endpoint: SeenEndpoint,
  { forecast = [] }: Known<never, 'forecast'>,
): readonly Edge[] {
  return forecast.filter((edge) => edge.edge === 'client' && leadsTo(edge, endpoint));
}
