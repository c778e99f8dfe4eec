import type { Certificate } from '../model/certificate.ts';
import type { FileFact } from '../model/files.ts';
import type { Client, FileMatch, Member } from '../model/inventory.ts';
import type { Report } from '../model/report.ts';
import type { Setting } from '../model/settings.ts';

export type Role = 'ca' | 'server' | 'peer' | 'client';

/** Who uses a file, and as what. */
export interface Use {
  readonly role: Role;
  /** A member's or a client's name. */
  readonly owner: string;
}

/** Which settings point at which of the files given. */
export function usesByFile({ facts }: Report): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  const note = (file: string | undefined, use: Use): void => {
    if (file === undefined) return;
    const known = uses.get(file) ?? [];
    if (known.some(({ role, owner }) => role === use.role && owner === use.owner)) return;
    uses.set(file, [...known, use]);
  };
  for (const member of facts.members ?? []) {
    for (const { role, setting } of memberFiles(member)) {
      note(givenFile(setting, member.files), { role, owner: member.name });
    }
  }
  for (const client of facts.clients ?? []) {
    for (const { role, setting } of clientFiles(client)) {
      note(givenFile(setting, client.files), { role, owner: client.name });
    }
  }
  return uses;
}

/** The file among those given that stands for a configured path. */
function givenFile(
  setting: Setting<string> | undefined,
  matches: readonly FileMatch[],
): string | undefined {
  if (setting === undefined) return undefined;
  return matches.find(({ deployed }) => deployed === setting.value)?.file;
}

/** The certificates of a file, in file order. */
export function certificatesOf({ blocks }: FileFact): readonly Certificate[] {
  return blocks.flatMap((block) => (block.kind === 'certificate' ? [block.certificate] : []));
}

interface UsedSetting {
  readonly role: Role;
  readonly setting: Setting<string> | undefined;
}

function memberFiles({ settings: { client, peer } }: Member): readonly UsedSetting[] {
  return [
    { role: 'server', setting: client.certFile },
    { role: 'peer', setting: peer.certFile },
    { role: 'client', setting: client.clientCertFile },
    { role: 'peer', setting: peer.clientCertFile },
    { role: 'ca', setting: client.trustedCaFile },
    { role: 'ca', setting: peer.trustedCaFile },
  ];
}

function clientFiles({ certFile, caFile }: Client): readonly UsedSetting[] {
  return [
    { role: 'client', setting: certFile },
    { role: 'ca', setting: caFile },
  ];
}
