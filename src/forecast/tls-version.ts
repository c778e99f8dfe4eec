import { largest } from '../model/extremes.ts';
import type { Use } from '../deployment/certificate-uses.ts';
import type { Member } from '../model/inventory.ts';
import { goRelease } from '../pki/go-release.ts';
import { protocolOfClient, protocolOfMember } from './negotiation.ts';

/** The highest version of TLS in which a certificate is used: by a member, or by a client with these members. */
export function highestVersion({ member, client }: Use, members: readonly Member[]): number {
  if (member !== undefined) return protocolOfMember(member).maximum;
  const accepted = members.map((each) => protocolOfMember(each).maximum);
  const offered = protocolOfClient(goRelease(client?.goVersion.value ?? '')).maximum;
  return Math.min(offered, accepted.length === 0 ? 13 : largest(accepted, 0));
}
