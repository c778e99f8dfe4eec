import type { MemberSettings, Origin, Setting } from '../../model/settings.ts';
import type { MemberPlan } from './plan.ts';

/** Gives each setting its real origin: the inventory, or another member's file. */
export function rewriteOrigins(
  settings: MemberSettings,
  { name, origins, likeMember }: Pick<MemberPlan, 'name' | 'origins' | 'likeMember'>,
): MemberSettings {
  if (origins.size === 0 && likeMember === undefined) return settings;
  const rewrite = (origin: Origin): Origin => {
    const known = origin.because === undefined ? undefined : origins.get(origin.because);
    if (known !== undefined) return known;
    if (likeMember === undefined || origin.via === 'default' || origin.via === 'assumed')
      return origin;
    const because = `no settings of ${name} were given; assumed to be like those of ${likeMember}`;
    return { ...origin, via: 'assumed', because };
  };
  return mapSettings(settings, rewrite);
}

function mapSettings(
  settings: MemberSettings,
  rewrite: (origin: Origin) => Origin,
): MemberSettings {
  const { client, peer, processEnvironment, ...rest } = settings;
  return {
    ...mapGroup(rest, rewrite),
    client: mapGroup(client, rewrite),
    peer: mapGroup(peer, rewrite),
    processEnvironment: mapGroup(processEnvironment, rewrite),
  };
}

function mapGroup<Group extends object>(group: Group, rewrite: (origin: Origin) => Origin): Group;
function mapGroup(group: object, rewrite: (origin: Origin) => Origin): object {
  return Object.fromEntries(
    Object.entries(group).map(([name, setting]) => [
      name,
      isSetting(setting) ? { ...setting, origin: rewrite(setting.origin) } : setting,
    ]),
  );
}

function isSetting(value: unknown): value is Setting<unknown> {
  return typeof value === 'object' && value !== null && 'origin' in value;
}
