import { etcdVersion } from '../etcd/version.ts';
import { effectiveTls } from '../etcd/effective-tls.ts';
import type { RevocationList } from '../model/certificate.ts';
import type { Known } from '../model/check.ts';
import type { FileFact } from '../model/files.ts';
import type { Member } from '../model/inventory.ts';
import type { Target } from '../model/target.ts';
import { fileFor, fileTarget } from './uses.ts';

/** A revocation list in force at one or more listeners. */
export interface ListInForce {
  readonly target: Target;
  readonly list: RevocationList;
  /** The CA files that the same listeners trust. */
  readonly authorityFiles: readonly FileFact[];
}

/** Every readable list that some listener consults, once. */
export function listsInForce(facts: Known<'files' | 'members'>): readonly ListInForce[] {
  const byPath = new Map<string, ListInForce & { readonly members: readonly Member[] }>();
  for (const member of facts.members) {
    for (const port of ['client', 'peer'] as const) {
      const tls = effectiveTls(member.settings, port, etcdVersion(member.etcdVersion.value));
      const file = fileFor(tls.crlFile, member, facts);
      if (file?.revocationList === undefined || tls.clientAuthentication === 'none') continue;
      const authority = fileFor(tls.trustedCaFile, member, facts);
      const before = byPath.get(file.path);
      const members = [...(before?.members ?? []), member];
      byPath.set(file.path, {
        target: fileTarget(
          file,
          members.map((each) => ({ owner: each.name, member: each })),
        ),
        list: file.revocationList,
        members,
        authorityFiles: [...(before?.authorityFiles ?? []), ...(authority ? [authority] : [])],
      });
    }
  }
  return [...byPath.values()];
}
