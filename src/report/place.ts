import type { Report, Result } from '../model/report.ts';
import type { Origin } from '../model/settings.ts';
import type { Location } from '../model/target.ts';

/**
 * The file, and line where known, that a result is best shown at. What was seen on the wire is shown
 * at the setting that names the endpoint, else at the first file of the set, since code hosts show
 * nothing that has no file.
 */
export function placeOf({ target }: Result, { facts }: Report): Location | undefined {
  if (target.location !== undefined) return target.location;
  if (target.kind === 'file') return { file: target.name };

  const client = facts.clients?.find(({ name }) => name === target.name);
  if (client !== undefined) return client.origin;
  const name = target.member ?? target.name;
  const members = facts.members ?? [];
  const own = members.filter((member) => member.name === name);
  const [setting] = [...own, ...members].flatMap(({ settings }) =>
    located([settings.listenClientUrls.origin, settings.listenPeerUrls.origin]),
  );
  const [file] = facts.files ?? [];
  return setting ?? (file && { file: file.path });
}

function located(origins: readonly Origin[]): readonly Location[] {
  return origins.flatMap(({ location }) => (location === undefined ? [] : [location]));
}
