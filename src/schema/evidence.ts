import { z } from 'zod';
import { type CollectedFacts, type Evidence, offlineFacts } from '../model/evidence.ts';
import { type Complete, instant, type Plain, text, texts } from './basics.ts';
import { file } from './files.ts';
import { buildFact, hostFact } from './host-facts.ts';
import { liveFacts } from './live.ts';
import { drafts, notUnderstood } from './settings.ts';
import { statedInventory } from './stated-inventory.ts';
import { statements } from './statements.ts';

/** A file that was found and changes nothing. */
export type IgnoredFile = Plain<typeof ignoredFile>;
export const ignoredFile = z.object({
  /** As the operator would type it. */
  path: text,
  /** The pattern in the inventory that means it. */
  pattern: text,
});

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
  stated: statements.exactOptional(),
  facts,
  gaps: z.partialRecord(factName, text),
} satisfies Complete<Evidence>);
