import { describe, expect, test } from 'vitest';
import {
  plain,
  encrypted,
  clientPair,
  peerPair,
  sound,
  problemsOf,
  refusals,
} from './support/sources.ts';

/** Each text below was printed by a real etcd of the version named, or stands in its source. */
describe('says what etcd refuses to start with, in its words', () => {
  test.each([
    {
      version: '3.4.23',
      variables: { ETCD_CLIENT_CERT_AUTH: 'yes' },
      says: 'invalid value "yes" for ETCD_CLIENT_CERT_AUTH: parse error',
    },
    {
      version: '3.4.23',
      words: ['--client-cert-auth=yes'],
      says: 'invalid boolean value "yes" for -client-cert-auth: parse error',
    },
    {
      version: '3.4.23',
      words: [...plain, '--client-cert-auth', 'true'],
      says: "'true' is not a valid flag",
    },
    {
      version: '3.6.10',
      words: [...plain, '--client-cert-auth', 'true'],
      says: '"true" is not a valid flag',
    },
    {
      version: '3.6.10',
      words: [...plain, '--', '--client-cert-auth', '--trusted-ca-file=/ca.crt'],
      says: '"--client-cert-auth" is not a valid flag',
    },
    { version: '3.4.23', words: ['--ca-file=/x'], says: 'flag provided but not defined: -ca-file' },
    {
      version: '3.4.24',
      words: ['--tls-min-version=TLS1.2'],
      says: 'flag provided but not defined: -tls-min-version',
    },
    {
      version: '3.7.0',
      words: ['--experimental-peer-skip-client-san-verification'],
      says: 'flag provided but not defined: -experimental-peer-skip-client-san-verification',
    },
    { version: '3.4.23', words: ['--cert-file'], says: 'flag needs an argument: -cert-file' },
    { version: '3.4.23', words: ['---cert-file'], says: 'bad flag syntax: ---cert-file' },
    {
      version: '3.4.23',
      words: ['--snapshot-count=many'],
      says: 'invalid value "many" for flag -snapshot-count: parse error',
    },
    {
      version: '3.4.23',
      words: ['--cert-file=/c.pem'],
      variables: { ETCD_CERT_FILE: '' },
      says: 'conflicting environment variable "ETCD_CERT_FILE" is shadowed by corresponding command-line flag (either unset environment variable or disable flag)',
    },
    {
      version: '3.5.21',
      words: ['--cert-file=/c.pem'],
      variables: { ETCD_CERT_FILE: '/c.pem' },
      says: 'conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=localhost:2379'],
      says: 'invalid value "localhost:2379" for flag -listen-client-urls: URL scheme must be http, https, unix, or unixs: localhost:2379',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=10.0.0.1:2379'],
      says: 'invalid value "10.0.0.1:2379" for flag -listen-client-urls: parse "10.0.0.1:2379": first path segment in URL cannot contain colon',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=http://127.0.0.1:2379/a'],
      says: 'invalid value "http://127.0.0.1:2379/a" for flag -listen-client-urls: URL must not contain a path: http://127.0.0.1:2379/a',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=http://127.0.0.1'],
      says: 'invalid value "http://127.0.0.1" for flag -listen-client-urls: URL address does not have the form "host:port": http://127.0.0.1',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=http://127.0.0.1:abc'],
      says: 'invalid value "http://127.0.0.1:abc" for flag -listen-client-urls: parse "http://127.0.0.1:abc": invalid port ":abc" after host',
    },
    {
      version: '3.4.23',
      variables: { ETCD_LISTEN_CLIENT_URLS: 'foo' },
      says: 'invalid value "foo" for ETCD_LISTEN_CLIENT_URLS: URL scheme must be http, https, unix, or unixs: foo',
    },
    {
      version: '3.4.23',
      words: [
        '--listen-client-urls=https://name:2379',
        '--advertise-client-urls=https://name:2379',
      ],
      says: 'expected IP in URL for binding (https://name:2379)',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=http://127.0.0.1:1', '--advertise-client-urls=http://:1'],
      says: '--advertise-client-urls "http://:1" must be "host:port" (unexpected empty host (http://:1))',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=http://127.0.0.1:2379'],
      says: '--advertise-client-urls is required when --listen-client-urls is set explicitly',
    },
    {
      version: '3.4.23',
      words: [...encrypted, ...clientPair],
      says: 'cannot listen on TLS for 127.0.0.1:2380: KeyFile and CertFile are not presented',
    },
    {
      version: '3.4.23',
      words: ['--listen-peer-urls=https://0.0.0.0:2380'],
      says: 'cannot listen on TLS for [::]:2380: KeyFile and CertFile are not presented',
    },
    {
      version: '3.4.23',
      words: ['--listen-peer-urls=https://localhost:2380'],
      says: 'cannot listen on TLS for 127.0.0.1:2380: KeyFile and CertFile are not presented',
    },
    {
      version: '3.4.23',
      words: [...plain, '--peer-cert-file=/c.pem'],
      says: 'KeyFile and CertFile must both be present[key: , cert: /c.pem]',
    },
    {
      version: '3.4.23',
      words: [...encrypted, ...peerPair],
      says: 'TLS key/cert (--cert-file, --key-file) must be provided for client url https://127.0.0.1:2379 with HTTPS scheme',
    },
    {
      version: '3.3.25',
      words: [...encrypted, ...peerPair],
      says: 'TLS key/cert (--cert-file, --key-file) must be provided for client url https://127.0.0.1:2379 with HTTPs scheme',
    },
    {
      version: '3.4.23',
      words: [...encrypted, ...peerPair, '--cert-file=/c.pem'],
      says: 'KeyFile and CertFile must both be present[key: , cert: /c.pem]',
    },
    {
      version: '3.5.21',
      words: [...sound, '--peer-client-key-file=/k.pem'],
      says: 'ClientKeyFile and ClientCertFile must both be present or both absent: key: /k.pem, cert: ]',
    },
    {
      version: '3.4.23',
      words: [...sound, '--peer-cert-allowed-cn=a', '--peer-cert-allowed-hostname=b'],
      says: 'AllowedCN and AllowedHostname are mutually exclusive (cn="a", hostname="b")',
    },
    {
      version: '3.6.10',
      words: [...sound, '--peer-cert-allowed-cn=a,b', '--peer-cert-allowed-hostname=c'],
      says: 'AllowedCNs and AllowedHostnames are mutually exclusive (cns=["a" "b"], hostnames=["c"])',
    },
    {
      version: '3.4.23',
      words: [...plain, '--listen-metrics-urls=https://127.0.0.1:2381'],
      says: 'cannot listen on TLS for 127.0.0.1:2381: KeyFile and CertFile are not presented',
    },
    {
      version: '3.5.21',
      words: [...plain, '--listen-metrics-urls=https://127.0.0.1:2381'],
      says: 'client TLS key/cert (--cert-file, --key-file) must be provided for metrics secure url',
    },
    {
      version: '3.4.23',
      words: [...plain, '--cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256, TLS_FOO'],
      says: 'unexpected TLS cipher suite " TLS_FOO"',
    },
    {
      version: '3.4.19',
      words: [...plain, '--cipher-suites=TLS_AES_128_GCM_SHA256'],
      says: 'unexpected TLS cipher suite "TLS_AES_128_GCM_SHA256"',
    },
    {
      version: '3.5.21',
      words: [...sound, '--cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
      says: 'http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need at least one of TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)',
    },
    {
      version: '3.4.23',
      words: [...sound, '--cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
      says: 'panic: runtime error: invalid memory address or nil pointer dereference',
    },
    {
      version: '3.4.30',
      words: [...sound, '--cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
      says: 'http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need at least one of TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)',
    },
    {
      version: '3.5.21',
      words: [...plain, '--tls-min-version=TLS1.1'],
      says: 'unexpected TLS version "TLS1.1" (must be one of: TLS1.2, TLS1.3)',
    },
    {
      version: '3.5.21',
      words: [...plain, '--tls-min-version=TLS1.3', '--tls-max-version=TLS1.2'],
      says: 'min version (TLS1.3) is greater than max version (TLS1.2)',
    },
    {
      version: '3.5.21',
      words: [
        ...plain,
        '--tls-min-version=TLS1.3',
        '--cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      ],
      says: 'cipher suites cannot be configured when only TLS1.3 is enabled',
    },
    {
      version: '3.6.10',
      words: [
        ...plain,
        '--peer-skip-client-san-verification',
        '--experimental-peer-skip-client-san-verification',
      ],
      says: 'cannot set --experimental-peer-skip-client-san-verification and --peer-skip-client-san-verification at the same time, please use --peer-skip-client-san-verification only',
    },
    {
      version: '3.5.30',
      words: [...plain, '--listen-client-http-urls=http://127.0.0.1:2379'],
      says: 'cannot bind both --client-listen-urls and --client-listen-http-urls on the same url http://127.0.0.1:2379',
    },
    {
      version: '3.3.25',
      words: [...sound, '--cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
      says: 'use of closed network connection',
    },
    {
      version: '3.4.0',
      words: ['--listen-client-urls=10.0.0.1:2379'],
      says: 'invalid value "10.0.0.1:2379" for flag -listen-client-urls: parse 10.0.0.1:2379: first path segment in URL cannot contain colon',
    },
    {
      version: '3.5.21',
      words: ['--listen-client-urls=http://::1:2379'],
      says: 'invalid value "http://::1:2379" for flag -listen-client-urls: URL address does not have the form "host:port": http://::1:2379',
    },
    {
      version: '3.7.0',
      words: ['--listen-client-urls=http://::1:2379'],
      says: 'invalid value "http://::1:2379" for flag -listen-client-urls: parse "http://::1:2379": invalid port "::1:2379" after host',
    },
    {
      version: '3.6.10',
      words: [...plain, '--listen-client-http-urls=http://127.0.0.1:2379'],
      says: 'cannot bind both --listen-client-urls and --listen-client-http-urls on the same url http://127.0.0.1:2379',
    },
    {
      version: '3.5.21',
      words: [...encrypted, ...peerPair, '--auto-tls', '--self-signed-cert-validity=0'],
      says: 'selfSignedCertValidity is invalid,it should be greater than 0',
    },
    {
      version: '3.4.23',
      words: [
        ...plain,
        '--name=n1',
        '--initial-cluster=n1=http://10.0.0.1:2380,n2=https://10.0.0.2:2380',
        '--initial-advertise-peer-urls=https://10.0.0.1:2380',
      ],
      says: '--initial-cluster has n1=http://10.0.0.1:2380 but missing from --initial-advertise-peer-urls=https://10.0.0.1:2380',
    },
    {
      version: '3.4.23',
      words: [...plain, '--name=n1', '--initial-cluster=n2=http://localhost:2380'],
      says: 'couldn\'t find local name "n1" in the initial cluster configuration',
    },
  ])('$version: $says', ({ version, words = [], variables = {}, says }) => {
    expect(refusals(problemsOf(words, variables, version))).toContain(says);
  });

  test('and finds nothing to refuse in sound settings', () => {
    const words = [...sound, '--client-cert-auth'];

    expect(problemsOf([...words, '--trusted-ca-file=/ca.pem'], {}, '3.5.21')).toEqual([]);
  });

  test.each([
    { what: 'a member with a name of its own', words: ['--name=n1'] },
    { what: 'a member that discovers its peers', words: ['--discovery=https://d.test/a'] },
  ])('and leaves the default cluster out of account for $what', ({ words }) => {
    const all = [...plain, '--initial-advertise-peer-urls=https://10.0.0.1:2380', ...words];

    expect(refusals(problemsOf(all, {}, '3.5.21'))).toEqual([]);
  });

  test.each([
    ['[FD00:0::0001]', '[fd00::1]'],
    ['[::ffff:10.0.0.1]', '10.0.0.1'],
  ])('and takes two spellings of an address for one: %s and %s', (listed, advertised) => {
    const words = (host: string) => [
      ...plain,
      '--name=n1',
      `--initial-cluster=n1=https://${listed}:2380`,
      `--initial-advertise-peer-urls=https://${host}:2380`,
    ];

    expect(refusals(problemsOf(words(advertised), {}, '3.5.21'))).toEqual([]);
    expect(refusals(problemsOf(words('[fd00::2]'), {}, '3.5.21'))).toHaveLength(1);
  });

  test('and does not call a name and an address different', () => {
    const words = [
      ...plain,
      '--name=n1',
      '--initial-cluster=n1=https://n1.test:2380',
      '--initial-advertise-peer-urls=https://10.0.0.1:2380',
    ];

    expect(refusals(problemsOf(words, {}, '3.5.21'))).toEqual([]);
  });
});
