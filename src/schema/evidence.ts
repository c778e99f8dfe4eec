import { z } from 'zod';
import type { CollectedFacts, Evidence, FactName } from '../model/evidence.ts';
import { type Complete, instant, oneOf, text, texts } from './basics.ts';
import { file } from './files.ts';
import {
  admission,
  endpointObservation,
  memberList,
  offer,
  processObservation,
  status,
} from './live.ts';
import { drafts, notUnderstood } from './settings.ts';
import { statedInventory } from './stated-inventory.ts';

const facts: z.ZodType<Partial<CollectedFacts>> = z.object({
  files: z.array(file).exactOptional(),
  texts: texts.exactOptional(),
  settings: drafts.exactOptional(),
  inventory: statedInventory.exactOptional(),
  notUnderstood: z.array(notUnderstood).exactOptional(),
  endpoints: z.array(endpointObservation).exactOptional(),
  admissions: z.array(admission).exactOptional(),
  memberLists: z.array(memberList).exactOptional(),
  statuses: z.array(status).exactOptional(),
  offers: z.array(offer).exactOptional(),
  processes: z.array(processObservation).exactOptional(),
} satisfies Complete<CollectedFacts>);

const factName = oneOf<FactName>()([
  'files',
  'members',
  'clients',
  'guesses',
  'notUnderstood',
  'endpoints',
  'admissions',
  'memberLists',
  'statuses',
  'offers',
  'processes',
  'forecast',
]);

/** Saved evidence without its version; everything that it may hold is named here. */
export const evidenceSchema: z.ZodType<Evidence> = z.object({
  collectedAt: instant,
  host: text.exactOptional(),
  facts,
  gaps: z.partialRecord(factName, text),
} satisfies Complete<Evidence>);
