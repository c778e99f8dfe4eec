import type { NextRefusal } from '../model/forecast.ts';
import { isAboutName } from '../model/refusal.ts';
import { judgeClient } from './judge-client.ts';
import { judgeServer } from './judge-server.ts';
import { behind, nextOf, type Opinion } from './judgement.ts';
import type { Deployment } from './deployment.ts';
import type { Listener } from './listener.ts';
import type { Credential } from './material.ts';
import type { Surroundings } from './surroundings.ts';
import type { Encounter } from './wording.ts';

/** Whether what the server shows, or the client, is not sure until something else is corrected. */
export interface Doubts {
  readonly server: boolean;
  readonly client: boolean;
}

/** What the two sides have against each other's certificates, whether or not they get to see them. */
export function rejectionsOf(
  { initiator, listener, ...rest }: Encounter,
  surroundings: Surroundings,
  doubts: Doubts,
): readonly NextRefusal[] {
  const meeting = {
    ...rest,
    initiator: { ...initiator, presents: corrected(initiator.presents) },
    listener: { ...listener, serves: corrected(listener.serves) },
  };
  const isServerSure = isSure(listener.serves, doubts.server, initiator.serverAnchors);
  const isClientSure = isSure(initiator.presents, doubts.client, listener.clientAnchors);
  return [
    ...(isServerSure ? rejections('client', judgeServer(meeting, surroundings)) : []),
    ...(isClientSure ? rejections('server', judgeClient(meeting, surroundings).opinion) : []),
  ];
}

/** What all members reject of a client whose endpoint leads to none of them; names are those of the endpoint. */
export function rejectionsByAll(
  initiator: Encounter['initiator'],
  { members, listeners, surroundings }: Pick<Deployment, 'members' | 'listeners' | 'surroundings'>,
): readonly NextRefusal[] {
  const [first = [], ...others] = members.map((member) =>
    rejectionsAt(initiator, listeners(member).client, surroundings),
  );
  return first.filter((one) => others.every((each) => each.some((other) => isSame(one, other))));
}

function isSame(one: NextRefusal, other: NextRefusal): boolean {
  return one.rule === other.rule && one.refusedBy === other.refusedBy;
}

function rejectionsAt(
  initiator: Encounter['initiator'],
  listener: Listener,
  surroundings: Surroundings,
): readonly NextRefusal[] {
  const [url] = listener.effective.encryptedUrls;
  if (url === undefined) return [];
  const address = { encrypted: true, host: url.host, port: url.port };
  const all = rejectionsOf({ initiator, listener, address }, surroundings, noDoubts);
  return all.filter(({ rule }) => !isAboutName(rule));
}

const noDoubts: Doubts = { server: false, client: false };

function corrected(credential: Credential): Credential {
  return credential.kind === 'broken' ? (credential.corrected ?? credential) : credential;
}

/** Whether neither the certificate that one side shows nor what the other trusts is at fault. */
function isSure(
  shown: Credential,
  isDoubtful: boolean,
  trusted: { readonly kind: string } | undefined,
): boolean {
  if (trusted?.kind === 'broken') return false;
  return shown.kind === 'broken' ? shown.corrected !== undefined : !isDoubtful;
}

function rejections(refusedBy: NextRefusal['refusedBy'], opinion: Opinion): readonly NextRefusal[] {
  if (opinion.kind !== 'refuses') return [];
  return [nextOf(refusedBy, opinion.refusal), ...behind(refusedBy, opinion)];
}
