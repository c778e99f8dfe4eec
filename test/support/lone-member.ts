import { issueAuthority } from '../../testcluster/issue/issue.ts';

const url = 'https://127.0.0.1';
const authority = await issueAuthority({ commonName: 'CA' });
const usages = ['serverAuth', 'clientAuth'] as const;
const leaf = await authority.issue({ hosts: ['127.0.0.1'], usages });

/** The CA, the certificate and the key of a cluster of one member, by their names. */
export const filesOfMember = {
  'server.crt': leaf.certificatePem,
  'server.key': leaf.privateKeyPem,
  'ca.crt': authority.certificatePem,
};

/** The flags of that member; `directory` of its files, with its slash, and the place of the CA where that is another. */
export function flagsOfMember(directory: string, ca = `${directory}ca.crt`): readonly string[] {
  return [
    '--name=m1',
    `--listen-client-urls=${url}:2379`,
    `--advertise-client-urls=${url}:2379`,
    `--listen-peer-urls=${url}:2380`,
    `--initial-advertise-peer-urls=${url}:2380`,
    `--initial-cluster=m1=${url}:2380`,
    ...['', 'peer-'].flatMap((kind) => [
      `--${kind}cert-file=${directory}server.crt`,
      `--${kind}key-file=${directory}server.key`,
      `--${kind}trusted-ca-file=${ca}`,
      `--${kind}client-cert-auth`,
    ]),
  ];
}
