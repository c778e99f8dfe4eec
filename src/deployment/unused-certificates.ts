import { wordSet } from '../model/table.ts';
import type { Certificate } from '../model/certificate.ts';
import type { Facts } from '../model/evidence.ts';
import type { FileFact } from '../model/files.ts';
import type { Member } from '../model/inventory.ts';
import type { TlsSettings } from '../model/settings.ts';
import type { Gap } from '../model/report.ts';
import { isHttps } from '../model/host.ts';
import { counted, enumerate } from '../model/words.ts';
import { isLeftover } from '../model/leftovers.ts';

/**
 * Server certificates that no settings name, next to a member with a port that has none: either the settings
 * that name them were not given, or etcd does not use what was made for it.
 */
export function unusedCertificates({
  files = [],
  members = [],
  clients = [],
}: Partial<Facts>): readonly Gap[] {
  const stated = [...members, ...clients].filter(({ known }) => known === 'settings');
  const used = new Set(stated.flatMap((party) => party.files.flatMap(({ file }) => file ?? [])));
  const bare = members.filter((member) => member.known === 'settings' && hasBarePort(member));
  const unused = files.flatMap((file): readonly Unused[] => {
    const leaf = leafOf(file);
    if (leaf === undefined || used.has(file.path) || isLeftover(file.path)) return [];
    return [{ path: file.path, leaf }];
  });
  const meant = unused.filter(({ leaf }) => bare.some((member) => isMeantFor(leaf, member)));
  const [first] = meant;
  if (first === undefined) return [];
  const names = bare
    .filter((member) => meant.some(({ leaf }) => isMeantFor(leaf, member)))
    .map(({ name }) => name);
  const more = meant.length > 1 ? ` and ${counted(meant.length - 1, 'more certificate')}` : '';
  return [
    {
      what: `${first.path}${more}`,
      because: `no settings name ${meant.length > 1 ? 'them' : 'it'}, and ${enumerate(names, 4)} ${names.length > 1 ? 'listen' : 'listens'} without TLS`,
      give: `give the settings of etcd that name ${first.path}, or list it under \`ignore\``,
      asked: true,
    },
  ];
}

interface Unused {
  readonly path: string;
  readonly leaf: Certificate;
}

const forServers = wordSet('any serverAuth');

/** A certificate that a server may serve, and no identity of Kubernetes. */
function leafOf({ blocks }: FileFact): Certificate | undefined {
  const [leaf] = blocks.flatMap((block) =>
    block.kind === 'certificate' ? [block.certificate] : [],
  );
  if (leaf === undefined || leaf.basicConstraints?.isCa === true) return undefined;
  const { extendedKeyUsage: usages, subject, subjectAltName } = leaf;
  const serves = usages === undefined || usages.some((usage) => forServers.has(usage));
  const isOfKubernetes =
    /^(?:kube-|system:)/.test(subject.commonName ?? '') ||
    subjectAltName?.dnsNames.includes('kubernetes') === true;
  return serves && !isOfKubernetes ? leaf : undefined;
}

function hasBarePort({ settings }: Member): boolean {
  return (
    isBare(settings.client, settings.listenClientUrls.value) ||
    isBare(settings.peer, settings.listenPeerUrls.value)
  );
}

function isBare({ certFile, autoTls }: TlsSettings, urls: readonly string[]): boolean {
  return certFile === undefined && autoTls?.value !== true && !urls.some(isHttps);
}

/** A member without any certificate may be meant by each; another one is by its names and addresses. */
function isMeantFor({ subject, subjectAltName }: Certificate, member: Member): boolean {
  const { client, peer } = member.settings;
  if (client.certFile === undefined && peer.certFile === undefined) return true;
  const own = [member.name, ...member.addresses, ...member.hostnames];
  const names = [subject.commonName ?? '', ...(subjectAltName?.dnsNames ?? [])];
  return [...names, ...(subjectAltName?.ipAddresses ?? [])].some((name) => own.includes(name));
}
