import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configSource } from '../../src/collect/settings/member-draft.ts';
import { readSettings } from '../../src/collect/settings/read-settings.ts';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../src/etcd/version.ts';
import { directoryWith } from '../support/directory.ts';
import { etcdReleases } from '../support/etcd-releases.ts';
import { refusalOf } from '../support/real-start.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd');

/** The fields of Go's TLSInfo of all releases, and what is none. */
const keys =
  `AllowedCN AllowedCNs AllowedHostname AllowedHostnames CAFile CertFile CipherSuites ClientCertAuth
  ClientCertFile ClientKeyFile CRLFile EmptyCN HandshakeFailure InsecureSkipVerify KeyFile LocalAddr Logger MaxVersion
  MinVersion ServerName SkipClientSANVerify TrustedCAFile selfCert trustedcafile`.split(/\s+/);
const values = ['abc', '1.5', 'true', '[abc]', '[70000]', '{x: 1}', '~'];

describe.each(etcdReleases)('etcd $name', ({ etcd, version, goVersion }) => {
  test('says what is predicted of values of the wrong type', { timeout: 180_000 }, async () => {
    await using directory = await directoryWith({});
    const differing: string[] = [];
    for (const key of keys) {
      for (const value of values) {
        // What etcd reads last has a wrong type too, so that it never starts.
        const config = `PeerTLSInfo: {${key}: ${value}}\nname: 1\n`;
        writeFileSync(directory.at('etcd.yml'), config);
        const { stdout, stderr } = spawnSync(etcd, ['--config-file', directory.at('etcd.yml')], {
          encoding: 'utf8',
        });
        const says =
          /json: cannot unmarshal .* of type (?:\w+\.|\[\])?\w+(?:\(\*tls\.Conn, error\))?/.exec(
            stdout + stderr,
          )?.[0];
        const predicted = await refusalOf({ config }, etcdVersion(version, goVersion));
        if (says !== predicted)
          differing.push(`${key}: ${value}: ${says ?? '-'} / ${predicted ?? '-'}`);
      }
    }
    expect(differing).toEqual([]);
  });
});

/** etcd 3.4.23, 3.5.30 and 3.6 were seen to reject clients with another name. */
test.each([
  ['3.4.23', 'AllowedCN', 'clients'],
  ['3.5.30', 'AllowedCN', 'clients'],
  ['3.6.14', 'AllowedHostname', 'clients'],
  ['3.5.14', 'AllowedCN', undefined],
])('etcd %s goes by %s', async (version, key, expected) => {
  const text = `ClientTLSInfo: {${key}: clients}\n`;
  const source = await configSource('etcd.yml', { path: 'etcd.yml', text });
  const { client } = readMemberSettings([source], etcdVersion(version)).settings;
  const allowed = key === 'AllowedCN' ? client.allowedCns : client.allowedHostnames;

  expect(allowed?.value[0]).toBe(expected);
});

const read = async (text: string) => {
  const { notUnderstood } = await readSettings([{ path: 'etcd.conf.yml', text }], {
    find: () => undefined,
  });
  return notUnderstood.map(({ line, reason }) => `${line ?? ''} ${reason}`);
};
const config = (field: string) =>
  `name: n1\nlisten-peer-urls: https://10.0.0.1:2380\nPeerTLSInfo:\n  ${field}\n`;

describe('a field that changes TLS in a way that is not judged', () => {
  test.each(['ServerName: etcd', 'InsecureSkipVerify: true', 'EmptyCN: true', 'CipherSuites: [1]'])(
    '%s is an open question',
    async (field) => {
      const [name = ''] = field.split(':');

      expect(await read(config(field))).toEqual([
        `4 PeerTLSInfo.${name} changes the TLS of etcd, and what comes of it is not judged`,
      ]);
    },
  );

  test.each(['ServerName: ""', 'InsecureSkipVerify: false', 'MinVersion: 771', 'CertFile: /a'])(
    '%s changes nothing',
    async (field) => {
      expect(await read(config(field))).toEqual([]);
    },
  );
});
