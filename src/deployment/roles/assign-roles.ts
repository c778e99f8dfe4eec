import { wordSet } from '../../model/table.ts';
import type { Guess } from '../../model/inventory.ts';
import type { Credential } from './credentials.ts';
import type { LayoutMap, LayoutPlace } from './find-layouts.ts';
import { baseName } from './match-files.ts';
import { addressesOf, hostNamesOf } from './names.ts';
import { enumerate, lettersIn } from '../../model/words.ts';
import { namesIn } from '../names.ts';

/** What a credential is for, where settings do not say. */
export type Role = 'server' | 'peer' | 'server-and-peer' | 'client' | 'unrelated';

export interface RoleReading {
  readonly credential: Credential;
  readonly role: Role;
  readonly place?: LayoutPlace;
  /** Why, in words for the operator. */
  readonly because: string;
  readonly ambiguous: boolean;
}

/** Reads roles by content: usages and names in the certificate; the file's name only where those leave a choice. */
export function readRole(credential: Credential, { places }: LayoutMap): RoleReading {
  const place = places.get(credential.file.path);
  const reading =
    bySubject(credential) ??
    asNamedClient(credential) ??
    byContent(credential) ??
    byLayout(place) ??
    byName(credential);
  const isRefined =
    place !== undefined && place.role !== reading.role && refines(place.role, reading.role);
  return {
    credential,
    ...reading,
    ...(isRefined && {
      role: place.role,
      because: `${reading.because}; ${baseName(credential.file.path)} in the layout of ${place.layout.name}`,
    }),
    ...(place !== undefined && { place }),
  };
}

type Reading = Pick<RoleReading, 'role' | 'because' | 'ambiguous'>;

/** Kubernetes names its own components in the subject, and no etcd is called so (kubernetes.io, PKI certificates). */
const kubernetesComponent =
  /^(?:system:node:|system:kube-(?:proxy|scheduler|controller-manager)$|kubelet(?:$|-)|front-proxy-client$)/;

function bySubject({ leaf: { subject } }: Credential): Reading | undefined {
  const { commonName = '', organization } = subject;
  const isComponent = kubernetesComponent.test(commonName) || organization.includes('system:nodes');
  if (!isComponent) return undefined;
  const because = `its subject is that of a Kubernetes component: ${subject.text}`;
  return { role: 'unrelated', because, ambiguous: false };
}

/** Clients reject a server certificate without a host, whatever its usages say. */
function asNamedClient({ file, leaf }: Credential): Reading | undefined {
  const words = lettersIn(baseName(file.path));
  if (!words.includes('client') || words.some((word) => isOfMember(word))) return undefined;
  if (namesIn(leaf).length > 0 || leaf.extendedKeyUsage?.includes('serverAuth') !== true) {
    return undefined;
  }
  const because = `it names no host, and the file name ${baseName(file.path)} says client`;
  return { role: 'client', because, ambiguous: false };
}

/** What the certificate alone decides: who may not serve is a client, who may not dial a server. */
function byContent({ leaf }: Credential): Reading | undefined {
  const usages = leaf.extendedKeyUsage ?? ['any'];
  const isForAny = usages.includes('any') || usages.includes('anyExtendedKeyUsage');
  const serves = isForAny || usages.includes('serverAuth');
  const dials = isForAny || usages.includes('clientAuth');
  const sure = { ambiguous: false };
  if (!serves && !dials) {
    return { ...sure, role: 'unrelated', because: `its usages are ${enumerate(usages)}` };
  }
  if (!serves) return { ...sure, role: 'client', because: 'its only usage is clientAuth' };
  if (!dials) return { ...sure, role: 'server', because: 'its only usage is serverAuth' };
  return undefined;
}

function byLayout(place: LayoutPlace | undefined): Reading | undefined {
  if (place === undefined) return undefined;
  return {
    role: place.role,
    because: `its name and the files next to it match ${place.layout.name}`,
    ambiguous: false,
  };
}

/** A layout distinguishes servers from peers, and etcd from others; it does not overrule what Go would enforce. */
function refines(layoutRole: Role, role: Role): boolean {
  return layoutRole === 'unrelated' || (role === 'server' && layoutRole !== 'client');
}

/** Names that clients go by. */
const clientNames = wordSet(
  'client admin healthcheck etcdctl apiserver flannel flanneld calico cilium prometheus backup root',
);

const peerNames = wordSet('peer peers');
const serverNames = wordSet('server serving');
const memberNames = wordSet('member node');

function isOfMember(word: string): boolean {
  return serverNames.has(word) || memberNames.has(word) || peerNames.has(word);
}

function byName({ file, leaf }: Credential): Reading {
  const name = baseName(file.path);
  const words = lettersIn(name);
  const saysPeer = lettersIn(file.path.split('/').slice(-2).join('/')).some((word) =>
    peerNames.has(word),
  );
  const saysServer = words.some((word) => serverNames.has(word));
  const saysMember = saysServer || words.some((word) => memberNames.has(word));
  const hosts = namesIn(leaf);
  if (hosts.length === 0 && !saysMember && !saysPeer) {
    return {
      role: 'client',
      because: 'it names no host, so no client could connect to it',
      ambiguous: false,
    };
  }
  if (saysPeer && !saysServer) {
    return {
      role: 'peer',
      because: `${showHosts(hosts)}, and its file name says peer`,
      ambiguous: false,
    };
  }
  if (!saysMember && words.some((word) => clientNames.has(word))) {
    const because = `it may be used as server and client, and the file name ${name} says client`;
    return { role: 'client', because, ambiguous: hosts.length > 0 };
  }
  return {
    role: saysServer ? 'server' : 'server-and-peer',
    because: showHosts(hosts),
    ambiguous: false,
  };
}

function showHosts(hosts: readonly string[]): string {
  return hosts.length === 0 ? 'it may be used as a server' : `its SANs are ${enumerate(hosts, 5)}`;
}

/** The sentence that states what was concluded of a file. */
export function guessRole(reading: RoleReading, conclusion: string, owner?: string): Guess {
  const { credential, because, ambiguous } = reading;
  const { key, label } = credential;
  const keyWords = {
    'public-key': `its key is ${baseName(key?.path ?? '')}`,
    name: `its key is assumed to be ${baseName(key?.path ?? '')}, by the file name only`,
  };
  return {
    about: label,
    conclusion,
    ...(owner !== undefined && { owner }),
    because: key === undefined ? because : `${because}; ${keyWords[key.by]}`,
    ambiguous,
  };
}

/** Hosts other than loopback: what makes a certificate one member's. */
export function ownHosts({ leaf }: Pick<Credential, 'leaf'>): readonly string[] {
  return [...addressesOf(leaf), ...hostNamesOf(leaf)];
}
