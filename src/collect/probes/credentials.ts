import { createSecureContext, type SecureContext } from 'node:tls';
import type { Certificate } from '../../model/certificate.ts';
import type { LiveCredential } from '../../model/probe-plan.ts';
import { currentGo } from '../../pki/go-release.ts';
import { parseCertificate } from '../../pki/parse-certificate.ts';
import { readPem } from '../../pki/pem.ts';
import { readAgain } from '../files/read-bytes.ts';
import { errorCode } from './error-code.ts';
import { throwAwayCertificate } from './throw-away.ts';

/** What an unknown person might show, and what the operator has. Keys stay inside the contexts. */
export interface ReadyCredential {
  readonly presented: 'nothing' | 'foreign' | 'client' | 'member';
  readonly owner?: string;
  readonly certificateFile?: string;
  readonly serves?: 'client' | 'peer';
  readonly pem?: { readonly certificate: Buffer | string; readonly key: Buffer | string };
  /** The certificate that is first in the file, where Go could read it. */
  readonly leaf?: Certificate;
  /** Why it cannot be presented: a code. */
  readonly unusable?: string;
  context(version: '1.2' | '1.3' | 'any'): SecureContext;
}

/** Reads a pair from disk now, so that what is shown is what is on disk. */
export function readCredential(
  presented: 'client' | 'member',
  credential: LiveCredential,
): ReadyCredential {
  const { owner, certificateFile, keyFile, serves } = credential;
  const described = {
    presented,
    owner,
    certificateFile,
    ...(serves !== undefined && { serves }),
  };
  try {
    const certificate = readAgain(certificateFile);
    const key = readAgain(keyFile);
    const contexts = secureContexts({ certificate, key });
    // OpenSSL compares certificate and key here, once, rather than at the first probe.
    contexts('any');
    const leaf = leafOf(certificate);
    return {
      ...described,
      pem: { certificate, key },
      context: contexts,
      ...(leaf !== undefined && { leaf }),
    };
  } catch (error) {
    return { ...described, unusable: errorCode(error), context: secureContexts() };
  }
}

/** The one that etcd takes names from. */
function leafOf(pem: Buffer): Certificate | undefined {
  const leaf = readPem(pem, currentGo).find(({ type }) => type === 'CERTIFICATE');
  const parsed = leaf && parseCertificate(leaf.bytes);
  return parsed?.ok === true ? parsed.certificate : undefined;
}

export const nothing: ReadyCredential = { presented: 'nothing', context: secureContexts() };

/** A certificate that no cluster can know: its authority is made here and forgotten at once. */
export function makeForeignCredential(): ReadyCredential {
  const pem = throwAwayCertificate({
    issuer: 'etcd-tls-audit foreign CA',
    subject: 'etcd-tls-audit probe',
  });
  return { presented: 'foreign', pem, context: secureContexts(pem) };
}

/** Contexts without trusted CAs: chains are judged elsewhere, by Go's rules. */
function secureContexts(pem?: NonNullable<ReadyCredential['pem']>): ReadyCredential['context'] {
  const made = new Map<string, SecureContext>();
  return (version) => {
    const known = made.get(version);
    if (known !== undefined) return known;
    const context = createSecureContext({
      // Without it Node 20 reads its bundled roots, which takes 38 ms.
      ca: [],
      minVersion: version === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
      maxVersion: version === '1.2' ? 'TLSv1.2' : 'TLSv1.3',
      // Those of every Go release; from OpenSSL 3.5 on a post-quantum key share would be made for each connection as well.
      ecdhCurve: 'X25519:P-256:P-384:P-521',
      // OpenSSL would otherwise not show keys and hashes that it finds weak; etcd may well take them.
      ciphers: 'DEFAULT:@SECLEVEL=0',
      ...(pem !== undefined && { cert: pem.certificate, key: pem.key }),
    });
    made.set(version, context);
    return context;
  };
}

/** The credential, unless its files cannot be used. */
export function usable(credential: ReadyCredential | undefined): ReadyCredential | undefined {
  return credential?.unusable === undefined ? credential : undefined;
}
