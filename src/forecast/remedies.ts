const forFiles: Readonly<Record<string, string>> = {
  'file.missing': 'put the file there, or mend the path in the settings',
  'file.permission-denied':
    'let the user that runs the process read it: `chown etcd: FILE` and `chmod 600 FILE`',
  'file.unreadable': 'make it a readable file',
  'tls.key-of-another-certificate':
    'pair the certificate with its own key; in a chain file the leaf stands first',
  'tls.key-of-another-type': 'pair the certificate with its own key',
  'tls.unusable-key':
    'write the key without a passphrase, as PKCS#8, PKCS#1 or SEC1: `openssl pkey -in FILE -out KEY`',
  'tls.swapped-files':
    'swap the two paths: the certificate stands where the key should, and the key where the certificate should',
  'tls.no-pem': 'write it as PEM: `openssl x509 -inform DER -in FILE -out CERTIFICATE.pem`',
  'x509.unsupported-curve': 'reissue the certificate with a P-256 key',
  'x509.unparsable': 'reissue the certificate: Go cannot read it',
  'etcd.ca-file-unparsable':
    'leave nothing but CA certificates in FILE: etcd takes every PEM block for one',
};

/** What mends a file that a process cannot load. */
export function remedyForFile(rule: string, file: string): string {
  return (forFiles[rule] ?? 'replace FILE').replaceAll('FILE', file);
}

/** What a refusal by crypto/x509 is about. */
export interface ChainCircumstances {
  readonly file: string;
  readonly blamed: string;
  readonly blamedFile?: string;
  readonly poolFile?: string;
  readonly issuer: string;
  readonly usage: 'serverAuth' | 'clientAuth';
  readonly hostName?: string;
}

const forChains: Readonly<Record<string, (about: ChainCircumstances) => string>> = {
  'x509.unknown-authority': ({ file, poolFile, issuer }) =>
    `let ${poolFile ?? 'the CA file'} hold the CA ${issuer}, or reissue ${file} by a CA that it holds; restart after a change of the CA file`,
  'x509.same-name-other-key': ({ file, poolFile }) =>
    `${poolFile ?? 'the CA file'} holds another CA of the same name: use the CA that signed ${file}, or reissue ${file} by the one that is trusted`,
  'x509.missing-intermediate': ({ file, issuer }) =>
    `append the intermediate CA ${issuer} to ${file}, after the leaf`,
  'x509.issuer-not-an-authority': ({ blamed }) =>
    `reissue ${blamed} as a CA: basicConstraints CA:TRUE and keyUsage keyCertSign`,
  'x509.insecure-signature': ({ blamed }) => `reissue ${blamed} with a SHA-256 signature`,
  'x509.malformed': ({ blamed }) => `reissue ${blamed} in a form that Go reads`,
  'x509.expired': ({ blamed, blamedFile }) => `renew ${blamed}${inFile(blamedFile)}`,
  'x509.not-yet-valid': ({ blamed, blamedFile }) =>
    `wait until ${blamed}${inFile(blamedFile)} is valid, or mend the clock`,
  'x509.common-name-only': ({ file, hostName }) =>
    `reissue ${file} with ${hostName ?? 'its names'} as a subject alternative name: Go ignores the commonName`,
  'x509.host-name': ({ file, hostName }) =>
    `reissue ${file} with ${hostName ?? 'the dialled name'} among its subject alternative names, or dial a name that it holds`,
  'x509.key-usage': ({ blamed, blamedFile, usage }) =>
    `reissue ${blamed}${inFile(blamedFile)} with extendedKeyUsage ${usage} beside what it has`,
  'x509.path-length': ({ blamed }) =>
    `reissue ${blamed} with a larger path length, or issue from a CA nearer to the root`,
  'x509.name-constraints': ({ file }) =>
    `reissue ${file} with names that its CA may sign for, or from a CA without that constraint`,
  'x509.critical-extension': ({ blamed }) => `reissue ${blamed} without the critical extension`,
};

function inFile(file: string | undefined): string {
  return file === undefined ? '' : ` (${file})`;
}

/** What mends a chain that Go refuses. */
export function remedyForChain(rule: string, about: ChainCircumstances): string | undefined {
  return forChains[rule]?.(about);
}
