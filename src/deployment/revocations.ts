import { etcdVersion } from '../etcd/version.ts';
import { effectiveTls } from '../etcd/effective-tls.ts';
import type { RevocationList } from '../model/certificate.ts';
import type { Known } from '../model/check.ts';
import type { FileFact } from '../model/files.ts';
import type { Member } from '../model/inventory.ts';
import type { Target } from '../model/target.ts';
import { type CrlFault, crlProblem } from '../pki/crl-problem.ts';
import { fileFor, fileTarget } from './certificate-uses.ts';
import { groupBy } from '../model/group-by.ts';

/** A revocation list in force at one or more listeners. */
export interface ListInForce {
  readonly target: Target;
  readonly list: RevocationList;
  /** The CA files that the same listeners trust. */
  readonly authorityFiles: readonly FileFact[];
}

/** Every readable list that some listener consults, once. */
export function listsInForce(facts: Known<'files' | 'members'>): readonly ListInForce[] {
  const consulted = facts.members.flatMap((member) =>
    (['client', 'peer'] as const).flatMap((port) => consultedAt(member, port, facts)),
  );
  return [...groupBy(consulted, ({ file }) => file.path).values()].map((together) => ({
    target: fileTarget(
      together[0].file,
      together.map(({ member }) => ({ owner: member.name, member })),
    ),
    list: together[0].list,
    authorityFiles: together.flatMap(({ authorityFile }) => authorityFile ?? []),
  }));
}

/** A file that a client port consults and that etcd cannot read as a list. */
export interface UnreadableList {
  readonly target: Target;
  readonly file: FileFact;
  readonly problem: CrlFault;
}

/** Of the client ports: they reject each certificate, whether a client with one is known or not. */
export function unreadableLists(facts: Known<'files' | 'members'>): readonly UnreadableList[] {
  return facts.members.flatMap((member) => {
    const version = etcdVersion(member.etcdVersion.value);
    const file = listFileAt(member, 'client', facts)?.file;
    const problem = file && crlProblem(file, version);
    if (file === undefined || problem?.kind !== 'etcd.crl-unreadable') return [];
    return [{ target: fileTarget(file, [{ owner: member.name, member }]), file, problem }];
  });
}

function consultedAt(member: Member, port: 'client' | 'peer', facts: Known<'files'>) {
  const { file, tls } = listFileAt(member, port, facts) ?? {};
  const list = file?.revocationList;
  if (file === undefined || tls === undefined || list === undefined) return [];
  return [{ member, file, list, authorityFile: fileFor(tls.trustedCaFile, member, facts) }];
}

function listFileAt(member: Member, port: 'client' | 'peer', facts: Known<'files'>) {
  const tls = effectiveTls(member.settings, port, etcdVersion(member.etcdVersion.value));
  const file = fileFor(tls.crlFile, member, facts);
  if (file === undefined || tls.clientAuthentication === 'none') return undefined;
  return { file, tls };
}
