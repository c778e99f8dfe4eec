import { deployed } from '../plan.ts';
import type { FileRecipe } from '../recipe.ts';
import type { RevocationOptions } from '../issue/revocation.ts';
import type { Fault } from './fault.ts';
import { clientSection, configText, openClientPort } from './variables.ts';

const clientSerial = '5c0ffee1';
const memberSerial = '5c0ffee2';

function list(
  serials: readonly string[],
  options: RevocationOptions & { readonly by?: string },
): FileRecipe {
  return async (made) => made.authority(options.by ?? 'ca').revoke(serials, options);
}

const setting = { ETCD_CLIENT_CRL_FILE: deployed('revoked.crl') } as const;

/** Revocation as etcd does it: by serial number, of what is presented, on the accepting side. */
export const revocationFaults: readonly Fault[] = [
  {
    name: 'revoked-client',
    what: 'the client certificate is revoked by a list in DER',
    changes: {
      leaves: { client: { serialNumber: clientSerial } },
      files: { 'revoked.crl': list([clientSerial], { encoding: 'DER' }) },
      environment: setting,
    },
  },
  {
    name: 'nobody-revoked',
    what: 'a list in DER revokes nobody, which is sound',
    changes: {
      files: { 'revoked.crl': list([], { encoding: 'DER' }) },
      environment: setting,
    },
  },
  {
    name: 'crl-missing',
    what: 'there is no file where the revocation list should be',
    catalogue: [82],
    changes: { environment: setting },
  },
  {
    name: 'crl-as-pem',
    what: 'the revocation list is PEM, which etcd 3.6 cannot read',
    catalogue: [83],
    changes: { files: { 'revoked.crl': list([], {}) }, environment: setting },
  },
  {
    name: 'crl-of-version-one',
    what: 'the revocation list is of version 1, which etcd 3.6 refuses',
    catalogue: [83],
    changes: {
      files: { 'revoked.crl': list([], { encoding: 'DER', versionOne: true }) },
      environment: setting,
    },
  },
  {
    name: 'crl-is-no-crl',
    what: 'a certificate stands where the revocation list should be',
    changes: { environment: { ETCD_CLIENT_CRL_FILE: deployed('ca_cert.pem') } },
  },
  {
    name: 'crl-out-of-date',
    what: 'the revocation list should have been renewed long ago, which etcd does not mind',
    catalogue: [84],
    changes: {
      leaves: { client: { serialNumber: clientSerial } },
      files: {
        'revoked.crl': list([clientSerial], {
          encoding: 'DER',
          thisUpdate: new Date('2020-01-01T00:00:00Z'),
          nextUpdate: new Date('2020-02-01T00:00:00Z'),
        }),
      },
      environment: setting,
    },
  },
  {
    name: 'crl-of-another-authority',
    what: 'another authority revokes the same serial number, and the client is refused',
    catalogue: [85],
    changes: {
      leaves: { client: { serialNumber: clientSerial } },
      files: { 'revoked.crl': list([clientSerial], { encoding: 'DER', by: 'peer_ca' }) },
      environment: setting,
    },
  },
  {
    name: 'crl-without-authentication',
    what: 'a revocation list is set where nobody is asked for a certificate',
    catalogue: [86],
    changes: {
      leaves: { client: { serialNumber: clientSerial } },
      files: { 'revoked.crl': list([clientSerial], { encoding: 'DER' }) },
      environment: { ...openClientPort, ...setting },
    },
  },
  {
    name: 'crl-in-config-file',
    what: 'the revocation list stands in the configuration file, which knows no such key',
    catalogue: [88],
    changes: {
      leaves: { client: { serialNumber: clientSerial } },
      files: { 'revoked.crl': list([clientSerial], { encoding: 'DER' }) },
      configFile: (environment) =>
        configText(environment, {
          client: clientSection({ 'client-crl-file': deployed('revoked.crl') }),
        }),
    },
  },
  {
    name: 'own-certificate-revoked',
    what: 'the server certificate is revoked, so that the member refuses itself',
    catalogue: [89],
    changes: {
      leaves: { node_1: { serialNumber: memberSerial } },
      files: { 'revoked.crl': list([memberSerial], { encoding: 'DER' }) },
      environment: setting,
    },
  },
];
