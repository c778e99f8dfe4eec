import { z } from 'zod';
import { acceptanceRules, refusalRules } from '../model/refusal.ts';
import { about, basis, location, type Plain, target, text, texts } from './basics.ts';

/** The certificate or setting that decided against the connection. */
export type Blame = Plain<typeof blame>;
const blame = z.looseObject({
  file: text.exactOptional(),
  location: location.exactOptional(),
  subject: text.exactOptional(),
  serialNumber: text.exactOptional(),
  sha256: text.exactOptional(),
  /** The hosts or addresses that the certificate does not name, where that is why. */
  names: texts.exactOptional(),
  /** The setting as its problem names it, where one stops the process. */
  setting: text.exactOptional(),
});

/** What `verify` saw when it tried the same edge. */
export type ObservedEdge = Plain<typeof observed>;
const observed = z.looseObject({
  outcome: z.literal(['accepted', 'refused', 'unreachable', 'unclear']),
  refusedBy: z.literal(['client', 'server', 'network']).exactOptional(),
  /** In the words of the side that we were. */
  error: text.exactOptional(),
  /** Absent when forecast and observation agree. */
  differenceMeans: text.exactOptional(),
});

/** A refusal that a process does not get to, as another comes first. */
export type NextRefusal = Plain<typeof nextRefusal>;
const nextRefusal = z.looseObject({
  refusedBy: z.literal(['client', 'server']),
  rule: z.enum(refusalRules),
  blame: blame.exactOptional(),
  remedy: text.exactOptional(),
});

/** One handshake that the deployment implies, and what will come of it by etcd's and Go's rules. */
export type Edge = Plain<typeof edge>;
export const edge = z.looseObject({
  target,
  /** The cluster that it is part of, where there are several. */
  cluster: text.exactOptional(),
  edge: z.literal(['client', 'peer', 'self', 'intruder']),
  /** Name of the dialling member or client; for intruders `nobody`, `foreign` or the owner's name. */
  from: text,
  /** The URL dialled. */
  to: text,
  /** The member that listens there; absent when the URL belongs to none. */
  member: text.exactOptional(),
  port: z.literal(['client', 'peer']),
  /** File name of the certificate that the dialling side shows; absent when it shows none. */
  credential: text.exactOptional(),
  /** `not-sure` when the answer depends on what files cannot decide; `dependsOn` says on what. */
  outcome: z.literal(['accepted', 'refused', 'not-sure']),
  /** What a sound deployment would have here. Intruders ought to be refused. */
  wanted: z.literal(['accepted', 'refused', 'either']),
  /** `start`: the listening process does not get that far. `never-dials`: the client fails before dialling. */
  refusedBy: z.literal(['client', 'server', 'start', 'never-dials']).exactOptional(),
  /** Stable id of the rule that decided, e.g. `x509.unknown-authority`, `etcd.peer-san`. */
  rule: z.enum([...refusalRules, ...acceptanceRules]),
  /** What the dialling side prints, in the words of its release. */
  clientError: text.exactOptional(),
  /** What the listening side logs, in the words of its release. */
  serverError: text.exactOptional(),
  blame: blame.exactOptional(),
  /** What the refusal is about; present where the deployment needs the connection. */
  about: z.array(about).exactOptional(),
  remedy: text.exactOptional(),
  /** What would refuse it next, once the first cause is gone. */
  next: z.array(nextRefusal).exactOptional(),
  dependsOn: texts.exactOptional(),
  observed: observed.exactOptional(),
  /** The weakest basis of the facts that decided; set when the forecast is judged. */
  basis: basis.exactOptional(),
});
