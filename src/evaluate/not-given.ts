import type { Facts, NotUnderstood } from '../model/evidence.ts';
import type { FileFact, Unreadable } from '../model/files.ts';
import type { Client, Member } from '../model/inventory.ts';
import type { Gap } from '../model/report.ts';
import type { Assumption } from '../model/basis.ts';
import { enumerate, nameInWords } from '../model/words.ts';
import { certificatesOf, type Placed } from './placed.ts';

/**
 * Files that look relevant and were not understood: what readers of settings list, files that could not be
 * read, and files that nothing names in which Go does not see a PEM block that a person sees.
 */
export function notUnderstoodIn({
  files = [],
  members = [],
  clients = [],
  notUnderstood = [],
}: Partial<Facts>): readonly NotUnderstood[] {
  const named = pathsNamedBy([...members, ...clients]);
  const stated = pathsNamedBy([...members, ...clients].filter(({ known }) => known !== 'supposed'));
  // Settings say which files count; without any, a file that is named like a certificate may have been meant as one.
  const areAlone = members.every(({ known }) => known !== 'settings');
  const hidden = files
    // A whole certificate that Go does not see says only supposedly whose it is.
    .filter(({ path, hidden: seen }) => !(seen === undefined ? named : stated).has(path))
    .flatMap((file) => hiddenFromGo(file, areAlone));
  const unread = files.flatMap(({ path, unreadable }) =>
    unreadable === undefined
      ? []
      : [{ path, reason: unreadable.text, ...giveOf(path, unreadable.kind) }],
  );
  return [...notUnderstood.filter(({ isSource }) => isSource !== true), ...unread, ...hidden];
}

/** Program source that has etcd's settings in it: what it does with them is not judged, and a PASS does not cover it. */
export function unreadSources({ notUnderstood = [] }: Partial<Facts>): readonly Assumption[] {
  const sources = notUnderstood.filter(({ isSource }) => isSource === true);
  const [first] = sources;
  if (first === undefined) return [];
  const paths = [...new Set(sources.map(({ path }) => path))];
  const because = `${enumerate(paths, 3)} ${paths.length > 1 ? 'mention' : 'mentions'} settings of etcd or of a client and ${paths.length > 1 ? 'were' : 'was'} not read`;
  return [
    {
      about: 'program source',
      because,
      give: 'give what it starts or writes: a unit, a configuration file, the output of `ps`',
      notCovered: because,
    },
  ];
}

/** What makes a file readable; in the others something has to be rewritten. */
function giveOf(path: string, kind: Unreadable['kind']): Pick<NotUnderstood, 'give'> {
  const give: Partial<Record<Unreadable['kind'], string>> = {
    denied: `run as a user who may read ${path}`,
    'not-regular': `replace ${path} with a regular file, or list it under \`ignore\` in etcd-tls.yaml`,
    'link-loop': `correct the symbolic link ${path}`,
    'too-large': `give only the certificates, keys, CRLs or settings in ${path}, or list it under \`ignore\` in etcd-tls.yaml`,
  };
  const words = give[kind];
  return words === undefined ? {} : { give: words };
}

function pathsNamedBy(owners: readonly (Member | Client)[]): ReadonlySet<string> {
  return new Set(owners.flatMap(({ files }) => files.flatMap(({ file }) => file ?? [])));
}

/** The CAs that Java itself brings along (keytool(1)), which no etcd reads. */
const ofJava = /(?<![^/])(?:jsse)?cacerts$/;

function hiddenFromGo(
  { path, traps, revocationList }: FileFact,
  countsEmpty: boolean,
): readonly NotUnderstood[] {
  if (revocationList !== undefined) return [];
  return traps
    .filter(({ kind }) => countsEmpty || (kind !== 'empty' && kind !== 'no-pem'))
    .filter(({ kind }) => kind !== 'key-store' || !ofJava.test(path))
    .map(({ line, detail }) => ({ path, ...(line !== undefined && { line }), reason: detail }));
}

/** CAs that issued the leaf certificates given and are in none of the files: their chains cannot be judged. */
export function missingAuthorities({ files = [] }: Partial<Facts>): readonly Gap[] {
  const certificates = files.flatMap(certificatesOf);
  const subjects = new Set(certificates.map(({ certificate }) => certificate.subject.raw));
  const missing = new Map<string, Placed>();
  for (const each of certificates) {
    const { issuer } = each.certificate;
    if (!subjects.has(issuer.raw) && !missing.has(issuer.raw)) missing.set(issuer.raw, each);
  }
  return [...missing.values()].map(({ path, certificate: { issuer } }) => ({
    what: `the CA ${issuer.text}`,
    because: `the issuer of ${path} was not given`,
    give: `give the certificate of the CA ${issuer.text}`,
    asked: true,
  }));
}

/**
 * Files that the settings of a member or client name and that were not given, or hold nothing of the kind:
 * what etcd finds there decides whether it starts and which certificates it accepts.
 */
export function missingFiles({
  files: given = [],
  members = [],
  clients = [],
}: Partial<Facts>): readonly Gap[] {
  const readable = new Set(given.map(({ path }) => path));
  const stated = [...members, ...clients].filter(({ known }) => known === 'settings');
  return stated.flatMap(({ name, files }) =>
    files
      // What the process cannot open needs no content to be judged.
      .filter(({ barrier }) => barrier === undefined)
      .filter(({ file }) => file === undefined || !readable.has(file))
      .map(({ deployed, file, holder, give }) => ({
        what: deployed,
        because:
          file === undefined
            ? `the settings of ${nameInWords(name)} refer to it, but ${holder ?? 'it'} was not given`
            : `the settings of ${nameInWords(name)} refer to it, but ${file} contains no certificate, key or CRL`,
        give:
          give ??
          (holder === undefined ? `give ${deployed} of ${nameInWords(name)}` : `give ${holder}`),
        asked: true,
      })),
  );
}

/** Addresses of names with more of them than are connected to. */
export function unseenAddresses({ endpoints = [] }: Partial<Facts>): readonly Gap[] {
  const beyond = endpoints.flatMap(({ endpoint: { host }, addresses, resolved }) =>
    resolved === undefined ? [] : [{ host, resolved, seen: addresses.length }],
  );
  const byHost = new Map(beyond.map((each) => [each.host, each]));
  return [...byHost.values()].map(({ host, resolved, seen }) => ({
    what: `${resolved - seen} of the ${resolved} addresses of ${host}`,
    because: `only the first ${seen} addresses of a name are connected to`,
    give: 'name the other addresses in `--endpoints`',
    asked: true,
  }));
}

/** Members of a list that is longer than what is looked at. */
export function unseenMembers({ memberLists = [] }: Partial<Facts>): readonly Gap[] {
  const beyond = memberLists.flatMap(({ target, listed, members }) =>
    listed === undefined ? [] : [{ at: target.name, listed, seen: members.length }],
  );
  const [longest] = beyond.toSorted((one, other) => other.listed - one.listed);
  if (longest === undefined) return [];
  const { at, listed, seen } = longest;
  return [
    {
      what: `${listed - seen} of the ${listed} members that ${at} lists`,
      because: `only the first ${seen} members of a list are looked at`,
      give: 'remove members that do not exist with `etcdctl member remove`: etcd advises seven at most',
      asked: true,
    },
  ];
}
