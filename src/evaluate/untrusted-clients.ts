import type { Facts } from '../model/evidence.ts';
import type { Edge } from '../model/forecast.ts';
import type { Gap } from '../model/report.ts';
import { certificatesOf } from './placed.ts';

/**
 * Certificates of supposed clients that every member rejects for their names, or for their CA, which was given. One of another service makes
 * no client, unless its file has the name that an installer gives those of etcd: then the CA may be the mistake.
 */
export function untrustedClients(
  { files = [], clients = [] }: Partial<Facts>,
  edges: readonly Edge[],
): readonly Gap[] {
  const certificates = files.flatMap(certificatesOf);
  const given = new Set(certificates.map(({ certificate }) => certificate.subject.raw));
  return clients
    .filter(({ known }) => known === 'supposed')
    .flatMap(({ name, certFile }): readonly Gap[] => {
      const leaf = certificates.find(({ path }) => path === certFile?.value);
      const own = edges.filter(({ edge, from }) => edge === 'client' && from === name);
      if (leaf === undefined || own.length === 0) return [];
      if (own.every((edge) => isRejectedFor('etcd.name-not-allowed', edge))) {
        return [
          gapOf(leaf.path, 'no member allows its names', 'with a name that the members allow'),
        ];
      }
      const { issuer } = leaf.certificate;
      const isUntrusted = own.every((edge) => isRejectedFor('x509.unknown-authority', edge));
      return isUntrusted && given.has(issuer.raw)
        ? [
            gapOf(
              leaf.path,
              `no member trusts the CA ${issuer.text} that issued it`,
              'from the CA that the members trust',
            ),
          ]
        : [];
    });
}

function gapOf(path: string, because: string, how: string): Gap {
  return {
    what: `whether etcd is to accept ${path}`,
    because: `no settings use it, and ${because}`,
    give: `reissue ${path} ${how}, or give the settings of its client`,
    asked: true,
  };
}

function isRejectedFor(
  why: 'etcd.name-not-allowed' | 'x509.unknown-authority',
  { outcome, refusedBy, rule, observed }: Edge,
): boolean {
  const isFor = rule === why && refusedBy === 'server';
  return outcome !== 'accepted' && isFor && observed?.outcome !== 'accepted';
}
