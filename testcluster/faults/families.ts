import { combined } from './combine.ts';
import { farAhead, type Fault, longAgo } from './fault.ts';
import type { LeafRecipe } from '../recipe.ts';

/** Whose certificate is different: the leaf's stem, and what it is called. */
const owners = [
  { stem: 'node_1', who: 'server', members: 1 },
  { stem: 'client', who: 'client', members: 1 },
  { stem: 'node_1_peer', who: 'peer', members: 3 },
] as const;

const inOneDay = new Date(Date.now() + 86_400_000);

/** Ways in which any leaf can be different, each tried on all three. */
const deviations: Readonly<Record<string, { what: string; leaf: Partial<LeafRecipe> }>> = {
  expired: { what: 'has expired', leaf: longAgo },
  future: { what: 'is not valid yet', leaf: farAhead },
  nameless: { what: 'has no names', leaf: { hosts: [] } },
  elsewhere: { what: 'is for another address', leaf: { hosts: ['10.9.9.9'] } },
  'for-servers': { what: 'is for servers alone', leaf: { usages: ['serverAuth'] } },
  'for-clients': { what: 'is for clients alone', leaf: { usages: ['clientAuth'] } },
  'for-code': { what: 'is for code alone', leaf: { usages: ['codeSigning'] } },
  'for-anything': { what: 'is for any usage', leaf: { usages: ['anyExtendedKeyUsage'] } },
  sha1: { what: 'is signed with SHA-1', leaf: { hash: 'SHA-1' } },
  sha512: { what: 'is signed with SHA-512', leaf: { hash: 'SHA-512' } },
  p256: { what: 'is on P-256, as all others are', leaf: { key: 'ec-p256' } },
  'short-lived': { what: 'is valid for a day', leaf: { validTo: inOneDay } },
  organized: { what: 'names an organization', leaf: { organization: 'system:masters' } },
  sha384: { what: 'is signed with SHA-384', leaf: { hash: 'SHA-384' } },
  'as-authority': { what: 'is an authority as well', leaf: { isCa: true } },
  critical: {
    what: 'has a critical extension that nobody knows',
    leaf: { extraExtensions: [{ oid: '1.2.3.4', critical: true }] },
  },
  uncritical: {
    what: 'has an extension that nobody knows',
    leaf: { extraExtensions: [{ oid: '1.2.3.4', critical: false }] },
  },
  'without-identifiers': { what: 'has no key identifiers', leaf: { withoutKeyIdentifiers: true } },
  'unusual-serial': { what: 'has the serial number 1', leaf: { serialNumber: '01' } },
  p384: { what: 'is on P-384', leaf: { key: 'ec-p384' } },
  p521: { what: 'is on P-521', leaf: { key: 'ec-p521' } },
  ed25519: { what: 'has an Ed25519 key', leaf: { key: 'ed25519' } },
  'rsa-1024': { what: 'has an RSA key of 1024 bits', leaf: { key: 'rsa-1024' } },
  'rsa-2048': { what: 'has an RSA key of 2048 bits', leaf: { key: 'rsa-2048' } },
  'rsa-3072': { what: 'has an RSA key of 3072 bits', leaf: { key: 'rsa-3072' } },
  'key-as-sec1': { what: 'has its key as SEC 1', leaf: { keyForm: 'SEC1' } },
};

/** Certificates: every deviation of every leaf. */
export const leafFamilies: readonly Fault[] = owners.flatMap(({ stem, who, members }) =>
  Object.entries(deviations).map(([name, { what, leaf }]): Fault => {
    return {
      name: `${who}-leaf-${name}`,
      what: `the ${who} certificate ${what}`,
      members,
      changes: { leaves: { [stem]: leaf } },
    };
  }),
);

const authorityDeviations: Readonly<
  Record<
    string,
    {
      what: string;
      key?: 'rsa-2048' | 'ec-p384' | 'ed25519';
      dates?: typeof longAgo;
      isCa?: false;
      pathLength?: number;
    }
  >
> = {
  rsa: { what: 'has an RSA key', key: 'rsa-2048' },
  p384: { what: 'is on P-384', key: 'ec-p384' },
  ed25519: { what: 'has an Ed25519 key', key: 'ed25519' },
  expired: { what: 'has expired', dates: longAgo },
  future: { what: 'is not valid yet', dates: farAhead },
  'no-authority': { what: 'is not allowed to sign', isCa: false },
  'path-length-0': { what: 'has path length 0', pathLength: 0 },
};

/** Authorities: every deviation of both. */
export const authorityFamilies: readonly Fault[] = (['ca', 'peer_ca'] as const).flatMap((stem) =>
  Object.entries(authorityDeviations).map(([name, { what, dates = {}, ...options }]): Fault => {
    const commonName = stem === 'ca' ? 'etcd cluster CA' : 'etcd peer CA';
    return {
      name: `${stem === 'ca' ? 'authority' : 'peer-authority'}-${name}`,
      what: `the authority of the ${stem === 'ca' ? 'clients' : 'peers'} ${what}`,
      members: stem === 'ca' ? 1 : 3,
      changes: { authorities: { [stem]: { commonName, ...options, ...dates } } },
    };
  }),
);

/** Two mistakes at once: those of one side with those of the other. */
export function pairsOf(faults: readonly Fault[]): readonly Fault[] {
  const named = (names: readonly string[]) =>
    names.flatMap((name) => faults.find((fault) => fault.name === name) ?? []);
  const first = named([
    'expired-server',
    'wrong-authority',
    'missing-name',
    'address-as-dns-name',
    'server-without-client-auth',
    'client-authentication-off',
    'server-leaf-for-code',
    'server-leaf-sha1',
    'authority-expired',
  ]);
  const second = named([
    'foreign-client',
    'client-leaf-expired',
    'client-leaf-for-servers',
    'client-key-mismatch',
    'client-without-certificate',
    'client-leaf-critical',
    'client-dials-in-clear',
    'key-mismatch',
    'encrypted-key',
    'revoked-client',
  ]);
  return first.flatMap((one) => second.map((other) => combined([one, other])));
}

/** Three at once: one of the server, one of the client, one of the peers. */
export function triplesOf(faults: readonly Fault[]): readonly Fault[] {
  const named = (name: string) => faults.filter((fault) => fault.name === name);
  return ['expired-server', 'missing-name', 'wrong-authority'].flatMap((server) =>
    ['foreign-client', 'client-leaf-expired'].flatMap((client) =>
      ['peer-leaf-expired', 'peer-leaf-for-servers', 'peer-leaf-elsewhere'].flatMap((peer) =>
        named(server).flatMap((one) =>
          named(client).flatMap((two) => named(peer).map((three) => combined([one, two, three]))),
        ),
      ),
    ),
  );
}
