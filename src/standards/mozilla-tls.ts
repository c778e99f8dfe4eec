import type { StandardControl } from '../model/check.ts';

/** Mozilla's Server Side TLS guidelines, version 5.7: https://ssl-config.mozilla.org/guidelines/5.7.json */
const version = '5.7';

/** The suites of TLS 1.2 that the intermediate profile takes, in its order, by IANA's names. */
export const intermediateSuites: readonly string[] = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
];

/** What each profile requires of a server and etcd has settings for: it has none for groups. */
const profiles = {
  intermediate: {
    'certificate key': 'RSA keys of 2048 bits or more',
    'certificate signature': 'SHA-256 or better',
    'cipher suites': 'TLS 1.2 with ECDHE or DHE and GCM or CHACHA20 alone',
    versions: 'TLS 1.2 and 1.3 alone',
  },
  modern: { 'certificate signature': 'SHA-256 or better', versions: 'TLS 1.3 alone' },
} as const;

type Profile = keyof typeof profiles;

/** Names what a check covers of a profile. A control that it does not have does not compile. */
export function mozilla<Name extends Profile>(
  profile: Name,
  control: keyof (typeof profiles)[Name] & string,
): StandardControl {
  const controls: Readonly<Record<string, string>> = profiles[profile];
  return {
    standard: `Mozilla ${profile} ${version}`,
    control,
    title: controls[control] ?? control,
    component: 'served-tls',
  };
}
