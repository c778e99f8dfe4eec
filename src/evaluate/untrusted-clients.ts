import type { Facts } from '../model/evidence.ts';
import type { Edge } from '../model/forecast.ts';
import type { Gap } from '../model/report.ts';
import { certificatesOf } from './placed.ts';

/**
 * Certificates of supposed clients that every member rejects for their CA, which was given. One of another service makes
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
      const isRejected = own.length > 0 && own.every(isForItsAuthority);
      if (leaf === undefined || !isRejected) return [];
      const { issuer } = leaf.certificate;
      return given.has(issuer.raw) ? [gapOf(leaf.path, issuer.text)] : [];
    });
}

function gapOf(path: string, authority: string): Gap {
  return {
    what: `whether etcd is to accept ${path}`,
    because: `no settings use it, and no member trusts the CA ${authority} that issued it`,
    give: `reissue ${path} from the CA that the members trust, or give the settings of its client`,
    asked: true,
  };
}

function isForItsAuthority({ outcome, refusedBy, rule, observed }: Edge): boolean {
  const isUntrusted = rule === 'x509.unknown-authority' && refusedBy === 'server';
  return outcome === 'refused' && isUntrusted && observed?.outcome !== 'accepted';
}
