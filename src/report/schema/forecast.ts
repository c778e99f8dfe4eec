import { z } from 'zod';
import type { Blame, Edge, NextRefusal, ObservedEdge } from '../../model/forecast.ts';
import { acceptanceRules, refusalRules } from '../../model/refusal.ts';
import { about, basis, location, oneOf, target, text, texts } from '../../schema/basics.ts';

type RefusedBy<Kind extends Pick<Edge | ObservedEdge, 'refusedBy'>> = NonNullable<
  Kind['refusedBy']
>;

const blame: z.ZodType<Blame> = z.looseObject({
  file: text.exactOptional(),
  location: location.exactOptional(),
  subject: text.exactOptional(),
  serialNumber: text.exactOptional(),
  sha256: text.exactOptional(),
  names: texts.exactOptional(),
  setting: text.exactOptional(),
});

const observed: z.ZodType<ObservedEdge> = z.looseObject({
  outcome: oneOf<ObservedEdge['outcome']>()(['accepted', 'refused', 'unreachable', 'unclear']),
  refusedBy: oneOf<RefusedBy<ObservedEdge>>()(['client', 'server', 'network']).exactOptional(),
  error: text.exactOptional(),
  differenceMeans: text.exactOptional(),
});

const nextRefusal: z.ZodType<NextRefusal> = z.looseObject({
  refusedBy: oneOf<NextRefusal['refusedBy']>()(['client', 'server']),
  rule: z.enum(refusalRules),
  blame: blame.exactOptional(),
  remedy: text.exactOptional(),
});

export const edge: z.ZodType<Edge> = z.looseObject({
  target,
  cluster: text.exactOptional(),
  edge: oneOf<Edge['edge']>()(['client', 'peer', 'self', 'intruder']),
  from: text,
  to: text,
  member: text.exactOptional(),
  port: oneOf<Edge['port']>()(['client', 'peer']),
  credential: text.exactOptional(),
  outcome: oneOf<Edge['outcome']>()(['accepted', 'refused', 'not-sure']),
  wanted: oneOf<Edge['wanted']>()(['accepted', 'refused', 'either']),
  refusedBy: oneOf<RefusedBy<Edge>>()(['client', 'server', 'start', 'never-dials']).exactOptional(),
  rule: z.enum([...refusalRules, ...acceptanceRules]),
  clientError: text.exactOptional(),
  serverError: text.exactOptional(),
  blame: blame.exactOptional(),
  about: z.array(about).exactOptional(),
  remedy: text.exactOptional(),
  next: z.array(nextRefusal).exactOptional(),
  dependsOn: texts.exactOptional(),
  observed: observed.exactOptional(),
  basis: basis.exactOptional(),
});
