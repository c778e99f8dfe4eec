import { z } from 'zod';

const words = z.string().trim().min(1);

const waiver = z.strictObject({
  check: words.meta({ description: 'Check id' }),
  target: words.meta({ description: 'Target name as shown in reports, or * for all' }),
  reason: words,
  owner: words.meta({ description: 'Person or team responsible for the waiver' }),
  expires: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'write a date such as "2027-01-31"')
    .refine(isDay, 'this date does not exist')
    .meta({ description: 'Last day on which the waiver applies' }),
});

/** A list of waivers, by itself or under the key `waivers`. */
export const waiversSchema = z.union([
  z.array(waiver),
  z.strictObject({ version: z.literal(1).exactOptional(), waivers: z.array(waiver) }),
]);

/** `Date.parse` parses the 31st of February as a day in March. */
function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

/** What schemas/waivers.schema.json holds. */
export function waiversJsonSchema(): object {
  return {
    $id: 'https://etcd-tls-audit.github.io/etcd-tls-audit/schemas/waivers.schema.json',
    title: 'Waivers of etcd-tls-audit, version 1',
    ...z.toJSONSchema(waiversSchema, { io: 'input' }),
  };
}
