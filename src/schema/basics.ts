import { z } from 'zod';
import type { About } from '../model/about.ts';
import { bases } from '../model/basis.ts';
import type { Origin, Setting } from '../model/settings.ts';
import { severities } from '../model/severity.ts';
import type { Location, Target } from '../model/target.ts';

/** What a schema describes, as data that nothing changes. */
export type Plain<Schema extends z.ZodType> = Unchanging<z.output<Schema>>;

type Unchanging<Value> = Value extends readonly (infer Item)[]
  ? readonly Unchanging<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value as Named<Value, Key>]: Unchanging<Value[Key]> }
    : Value;

/** What a report may hold beyond the properties of an object is not part of its type. */
type Named<Value, Key> = string extends Key
  ? [keyof { [Own in keyof Value as string extends Own ? never : Own]: never }] extends [never]
    ? Key
    : never
  : Key;

/** ISO 8601 in UTC. */
export const instant = z.iso.datetime();

/** A schema for every property of the model, so that none can be forgotten. */
export type Complete<Model> = Readonly<Record<keyof Model, z.ZodType>>;

/** One of the words of a union of the model. Does not compile unless all of them are given. */
export function oneOf<Word extends string>() {
  return <const Words extends readonly Word[]>(
    words: Words & ([Word] extends [Words[number]] ? unknown : never),
  ): z.ZodType<Words[number]> => z.literal<Words>(words);
}

export const severity = z.literal(severities);

const position = z.int().positive();

export const location: z.ZodType<Location> = z.object({
  file: z.string(),
  line: position.exactOptional(),
  column: position.exactOptional(),
} satisfies Complete<Location>);

export const target: z.ZodType<Target> = z.object({
  kind: oneOf<Target['kind']>()(['file', 'endpoint', 'member', 'client', 'edge', 'cluster']),
  name: z.string(),
  location: location.exactOptional(),
  member: z.string().exactOptional(),
  cluster: z.string().exactOptional(),
} satisfies Complete<Target>);

const origin: z.ZodType<Origin> = z.object({
  via: oneOf<Origin['via']>()([
    'flag',
    'environment',
    'config-file',
    'inventory',
    'default',
    'assumed',
  ]),
  location: location.exactOptional(),
  name: z.string().exactOptional(),
  because: z.string().exactOptional(),
  isPlace: z.literal(true).exactOptional(),
} satisfies Complete<Origin>);

/** A configured value of the given kind, and where it was configured. */
export function setting<Value>(value: z.ZodType<Value>): z.ZodType<Setting<Value>> {
  return z.object({ value, origin });
}

export const basis = z.literal(bases);

export const text = z.string();
export const texts = z.array(z.string());

export const about: z.ZodType<About> = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('certificate'), sha256: text, name: text.exactOptional() }),
  z.looseObject({ kind: z.literal('setting'), owner: text, setting: text }),
  z.looseObject({ kind: z.literal('file'), path: text, host: text.exactOptional() }),
  z.looseObject({ kind: z.literal('edge'), edge: text, next: z.literal(true).exactOptional() }),
]);
