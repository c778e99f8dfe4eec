import { expect, test } from 'vitest';
import { configSource } from '../../src/collect/settings/member-draft.ts';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../src/etcd/version.ts';

/** Builds of which each text was seen. */
const builds = [
  { go: 'Go 1.12', version: etcdVersion('3.4.16', '1.12.17') },
  { go: 'Go 1.16', version: etcdVersion('3.5.6', '1.16.15') },
  { go: 'Go 1.25', version: etcdVersion('3.6.14', '1.25.12') },
  { go: 'Go 1.27', version: etcdVersion('3.7.3', '1.27.4') },
] as const;

const seen: readonly {
  readonly text: string;
  readonly says: Readonly<Record<(typeof builds)[number]['go'], string>>;
}[] = [
  {
    text: 'name: 1',
    says: {
      'Go 1.12': 'number into Go struct field configYAML.name of type string',
      'Go 1.16': 'number into Go struct field configYAML.name of type string',
      'Go 1.25': 'number into Go struct field configYAML.Config.name of type string',
      'Go 1.27': 'number into Go struct field .name of type string',
    },
  },
  {
    text: 'Peer-Transport-Security: {Client-Cert-Auth: 1}',
    says: {
      'Go 1.12': 'number into Go struct field securityConfig.client-cert-auth of type bool',
      'Go 1.16':
        'number into Go struct field securityConfig.peer-transport-security.client-cert-auth of type bool',
      'Go 1.25':
        'number into Go struct field securityConfig.configJSON.peer-transport-security.client-cert-auth of type bool',
      'Go 1.27':
        'number into Go struct field .Peer-Transport-Security.Client-Cert-Auth of type bool',
    },
  },
  {
    text: 'peer-transport-security: [a]',
    says: {
      'Go 1.12':
        'array into Go struct field configYAML.peer-transport-security of type embed.securityConfig',
      'Go 1.16':
        'array into Go struct field configYAML.peer-transport-security of type embed.securityConfig',
      'Go 1.25':
        'array into Go struct field configYAML.configJSON.peer-transport-security of type embed.securityConfig',
      'Go 1.27': 'array into Go struct field .peer-transport-security of type embed.securityConfig',
    },
  },
  {
    text: 'peertlsinfo: {crlfile: 1}',
    says: {
      'Go 1.12': 'number into Go struct field TLSInfo.CRLFile of type string',
      'Go 1.16': 'number into Go struct field TLSInfo.PeerTLSInfo.CRLFile of type string',
      'Go 1.25': 'number into Go struct field TLSInfo.Config.PeerTLSInfo.CRLFile of type string',
      'Go 1.27': 'number into Go struct field .peertlsinfo.crlfile of type string',
    },
  },
  {
    text: 'peertlsinfo: a',
    says: {
      'Go 1.12': 'string into Go struct field configYAML.PeerTLSInfo of type transport.TLSInfo',
      'Go 1.16': 'string into Go struct field configYAML.PeerTLSInfo of type transport.TLSInfo',
      'Go 1.25':
        'string into Go struct field configYAML.Config.PeerTLSInfo of type transport.TLSInfo',
      'Go 1.27': 'string into Go struct field .peertlsinfo of type transport.TLSInfo',
    },
  },
  {
    text: 'cipher-suites: [a, 1]',
    says: {
      'Go 1.12': 'number into Go struct field configYAML.cipher-suites of type string',
      'Go 1.16': 'number into Go struct field configYAML.cipher-suites of type string',
      'Go 1.25': 'number into Go struct field configYAML.Config.cipher-suites of type string',
      'Go 1.27': 'number into .cipher-suites.1 of type string',
    },
  },
  {
    text: 'heartbeat-interval: 1.5',
    says: {
      'Go 1.12': 'number 1.5 into Go struct field configYAML.heartbeat-interval of type uint',
      'Go 1.16': 'number 1.5 into Go struct field configYAML.heartbeat-interval of type uint',
      'Go 1.25':
        'number 1.5 into Go struct field configYAML.Config.heartbeat-interval of type uint',
      'Go 1.27': 'number 1.5 into Go struct field .heartbeat-interval of type uint',
    },
  },
  {
    text: '- a',
    says: {
      'Go 1.12': 'array into Go value of type embed.configYAML',
      'Go 1.16': 'array into Go value of type embed.configYAML',
      'Go 1.25': 'array into Go value of type embed.configYAML',
      'Go 1.27': 'array into Go value of type embed.configYAML',
    },
  },
];

const cases = seen.flatMap(({ text, says }) =>
  builds.map(({ go, version }) => ({
    text,
    go,
    version,
    says: `json: cannot unmarshal ${says[go]}`,
  })),
);

test.each(cases)('etcd by $go says of $text: $says', async ({ text, version, says }) => {
  const file = await configSource('etcd.yml', { path: 'etcd.yml', text });

  const { problems } = readMemberSettings([file], version);

  const refused = problems.filter(({ kind }) => kind === 'refused-at-start');
  expect(refused.map(({ etcdSays }) => etcdSays)).toContain(says);
});
