import { z } from 'zod';
import {
  type CollectedFacts,
  type Evidence,
  type IgnoredFile,
  offlineFacts,
} from '../model/evidence.ts';
import { type Complete, instant, text, texts } from './basics.ts';
import { file } from './files.ts';
import { buildFact, hostFact } from './host-facts.ts';
import { liveFacts } from './live.ts';
import { drafts, notUnderstood } from './settings.ts';
import { statedInventory } from './stated-inventory.ts';

export const ignoredFile: z.ZodType<IgnoredFile> = z.object({
  path: text,
  pattern: text,
} satisfies Complete<IgnoredFile>);

const facts: z.ZodType<Partial<CollectedFacts>> = z.object({
  files: z.array(file).exactOptional(),
  texts: texts.exactOptional(),
  directories: texts.exactOptional(),
  writeAheadLogs: texts.exactOptional(),
  settings: drafts.exactOptional(),
  hosts: z.array(hostFact).exactOptional(),
  builds: z.array(buildFact).exactOptional(),
  inventory: statedInventory.exactOptional(),
  notUnderstood: z.array(notUnderstood).exactOptional(),
  ignored: z.array(ignoredFile).exactOptional(),
  ...liveFacts,
} satisfies Complete<CollectedFacts>);

const factName = z.enum([...offlineFacts, ...z.object(liveFacts).keyof().options]);

/** Saved evidence without its version; everything that it may hold is named here. */
export const evidenceSchema: z.ZodType<Evidence> = z.object({
  collectedAt: instant,
  host: text.exactOptional(),
  facts,
  gaps: z.partialRecord(factName, text),
} satisfies Complete<Evidence>);
