import type { Waiver } from '../../model/report.ts';
import { readYamlFile } from './yaml-file.ts';

/** Reads a file of waivers. Throws INVENTORY_MALFORMED, naming file, line and column. */
export async function parseWaivers(text: string, file: string): Promise<readonly Waiver[]> {
  const { waiversSchema } = await import('./waivers-schema.ts');
  const hint = 'each waiver has check, target, reason, owner and expires (a date)';
  const { content } = await readYamlFile({ path: file, text }, waiversSchema, { hint });
  return Array.isArray(content) ? content : content.waivers;
}
