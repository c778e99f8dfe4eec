import { InputError } from '../input-error.ts';
import type { FileMatch, Member } from '../model/inventory.ts';
import type { Endpoint, Port } from '../model/live.ts';
import type { Setting } from '../model/settings.ts';
import type { LiveCredential } from '../model/probe-plan.ts';
import { isIpAddress, isOnEveryMachine, joinHostPort, parseHttpUrl } from '../model/host.ts';
import { givenFile } from './deployed-path.ts';

/** IANA's port for etcd's peers. */
const peerPort = 2380;

/** Reads an endpoint as the operator types it: a URL, or host and port, where https is meant. */
export function givenEndpoint(text: string, members: readonly Member[]): Endpoint {
  const parsed = parseUrl(text.includes('://') ? text : `https://${text}`);
  if (parsed === undefined) {
    const isBareIpv6 = isIpAddress(text) && text.includes(':');
    throw new InputError('ENDPOINT_INVALID', `"${text}" is no URL of an endpoint`, {
      hint: isBareIpv6
        ? `write IPv6 addresses in brackets: https://[${text}]:2379`
        : 'write it like https://10.0.0.1:2379',
    });
  }
  if (parsed.port === peerPort) {
    throw new InputError(
      'ENDPOINT_INVALID',
      `${text} is a peer port, where clients have no business`,
      {
        hint: 'give the client URL, which usually ends in :2379; peer ports are looked at by themselves',
      },
    );
  }
  const serves: Port = 'client';
  const member = ownerOf(parsed, members);
  const carries = carriedAt(parsed, members);
  return {
    ...parsed,
    serves,
    source: 'given',
    ...(carries !== undefined && { carries }),
    ...(member !== undefined && { member }),
  };
}

/** Every URL that the members advertise or listen on with an address of their own, each once. */
export function endpointsOf(members: readonly Member[]): readonly Endpoint[] {
  const endpoints = new Map<string, Endpoint>();
  for (const member of members) {
    for (const endpoint of memberEndpoints(member)) {
      const key = `${endpoint.host}:${endpoint.port}`;
      if (!endpoints.has(key)) endpoints.set(key, endpoint);
    }
  }
  return [...endpoints.values()];
}

function memberEndpoints({ name, settings }: Member): readonly Endpoint[] {
  const { listenClientHttpUrls: http } = settings;
  const isSplit = (http?.value ?? []).length > 0;
  const ports: readonly ListedPort[] = [
    ['client', settings.advertiseClientUrls, isSplit ? 'grpc' : undefined],
    ['client', http, 'http'],
    ['peer', settings.initialAdvertisePeerUrls],
    ['metrics', settings.listenMetricsUrls],
  ];
  return ports.flatMap(([serves, urls, carries]) =>
    (urls?.value ?? []).flatMap((text): readonly Endpoint[] => {
      const parsed = parseUrl(text);
      const isReachable =
        parsed !== undefined && (isAdvertised(serves, carries) || !isOnEveryMachine(parsed.host));
      const source = urls?.origin.via === 'inventory' ? 'inventory' : 'settings';
      return isReachable
        ? [{ ...parsed, serves, ...(carries && { carries }), member: name, source }]
        : [];
    }),
  );
}

type ListedPort = readonly [Port, Setting<readonly string[]> | undefined, Endpoint['carries']?];

/** Addresses to listen on are no addresses to connect to. */
function isAdvertised(serves: Port, carries: Endpoint['carries']): boolean {
  return serves !== 'metrics' && carries !== 'http';
}

function parseUrl(text: string): Pick<Endpoint, 'url' | 'scheme' | 'host' | 'port'> | undefined {
  const address = parseHttpUrl(text);
  return (
    address && {
      url: `${address.scheme}://${joinHostPort(address.host, address.port)}`,
      ...address,
    }
  );
}

function ownerOf({ host, port }: Pick<Endpoint, 'host' | 'port'>, members: readonly Member[]) {
  const owners = members.filter((member) =>
    memberEndpoints(member).some((endpoint) => endpoint.host === host && endpoint.port === port),
  );
  const [owner] =
    owners.length > 0
      ? owners
      : members.filter(({ addresses, hostnames }) => [...addresses, ...hostnames].includes(host));
  return owner?.name;
}

function carriedAt(
  { host, port }: Pick<Endpoint, 'host' | 'port'>,
  members: readonly Member[],
): Endpoint['carries'] {
  return members
    .flatMap(memberEndpoints)
    .find((endpoint) => endpoint.host === host && endpoint.port === port)?.carries;
}

/** The certificates that members show, as far as the files with their keys were given. */
export function memberCredentials(members: readonly Member[]): readonly LiveCredential[] {
  return members.flatMap(({ name, settings: { client, peer }, files }) => {
    const pairs = [
      ['client', client.clientCertFile ?? client.certFile, client.clientKeyFile ?? client.keyFile],
      ['peer', peer.clientCertFile ?? peer.certFile, peer.clientKeyFile ?? peer.keyFile],
    ] as const;
    return pairs.flatMap(([serves, certificate, key]) => {
      const credential = pairOf(name, files, [certificate, key]);
      return credential === undefined ? [] : [{ ...credential, serves }];
    });
  });
}

/** A certificate and its key as paths on this disk; undefined unless both were given. */
export function pairOf(
  owner: string,
  files: readonly FileMatch[],
  [certificate, key]: readonly [Setting<string> | undefined, Setting<string> | undefined],
): LiveCredential | undefined {
  const certificateFile = givenFile(certificate?.value, files);
  const keyFile = givenFile(key?.value, files);
  if (certificateFile === undefined || keyFile === undefined) return undefined;
  return { owner, certificateFile, keyFile };
}
