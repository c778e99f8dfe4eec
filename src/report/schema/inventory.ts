import { z } from 'zod';
import type { Client, FileMatch, Guess, Member } from '../../model/inventory.ts';
import { oneOf, setting, target, text, texts } from '../../schema/basics.ts';
import { memberSettings } from '../../schema/member-settings.ts';
import { clientFields, problemFields } from '../../schema/settings.ts';

const problem = z.looseObject(problemFields);

const fileMatch: z.ZodType<FileMatch> = z.looseObject({
  deployed: text,
  file: text.exactOptional(),
  missing: z.literal(true).exactOptional(),
  instead: z.enum(['directory', 'not-a-directory']).exactOptional(),
  by: oneOf<NonNullable<FileMatch['by']>>()(['name', 'several']).exactOptional(),
  because: text,
});

export const member: z.ZodType<Member> = z.looseObject({
  name: text,
  host: text.exactOptional(),
  cluster: text.exactOptional(),
  target,
  known: oneOf<Member['known']>()(['settings', 'supposed', 'named', 'listed']),
  excerpts: texts.exactOptional(),
  addresses: texts,
  hostnames: texts,
  mayBeMapped: z.literal(true).exactOptional(),
  reverseNames: z.record(text, texts).exactOptional(),
  forwardAddresses: z.record(text, texts).exactOptional(),
  settings: memberSettings,
  problems: z.array(problem),
  files: z.array(fileMatch),
  etcdVersion: setting(text),
  goVersion: setting(text),
});

export const client: z.ZodType<Client> = z.looseObject({
  ...clientFields,
  cluster: text.exactOptional(),
  target,
  known: oneOf<Client['known']>()(['settings', 'supposed']),
  goVersion: setting(text),
  problems: z.array(problem),
  files: z.array(fileMatch),
});

export const guess: z.ZodType<Guess> = z.looseObject({
  about: text,
  conclusion: text,
  because: text,
  owner: text.exactOptional(),
  ambiguous: z.boolean(),
});
