import { publicData } from '../../model/public-text.ts';
import { renamedChecks } from '../../model/renamed-checks.ts';
import type { Waiver } from '../../model/report.ts';
import { malformed, readYamlFile } from './yaml-file.ts';

/** Reads a file of waivers. Throws INVENTORY_MALFORMED, naming file, line and column. */
export async function parseWaivers(text: string, file: string): Promise<readonly Waiver[]> {
  const { waiversSchema } = await import('./waivers-schema.ts');
  const hint = 'each waiver has check, target, reason, owner and expires (a date)';
  const { content, locate } = await readYamlFile({ path: file, text }, waiversSchema, { hint });
  const isList = Array.isArray(content);
  const waivers = isList ? content : content.waivers;
  for (const [index, { check }] of waivers.entries()) {
    const renamed = renamedChecks[check];
    if (renamed === undefined) continue;
    const place = locate(...(isList ? [] : ['waivers']), index, 'check');
    throw malformed(place, `check "${check}" has been renamed`, `write "check: ${renamed}"`);
  }
  return publicData(waivers, new Set());
}
