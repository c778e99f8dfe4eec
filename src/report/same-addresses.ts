import { groupBy } from '../model/group-by.ts';
import { hostOf, isOnEveryMachine } from '../model/host.ts';
import type { Member } from '../model/inventory.ts';
import type { Report } from '../model/report.ts';
import { enumerate } from '../model/words.ts';

/**
 * Members of one cluster that advertise one peer URL: as a rule two versions of a set of files were given
 * together, and what is found is between the versions. Nothing where each has a URL of its own.
 */
export function sameAddresses({ facts }: Report): string | undefined {
  const [first, ...others] = sharedUrls(facts.members ?? []);
  if (first === undefined) return undefined;
  const rest =
    others.length === 0 ? '' : ` (likewise ${others.map(({ names }) => names).join(', ')})`;
  return (
    `${first.names} have the same peer URL, ${first.url}${rest}; ` +
    'if the files are two versions of one cluster, check each version by itself'
  );
}

interface SharedUrl {
  readonly url: string;
  readonly names: string;
}

function sharedUrls(members: readonly Member[]): readonly SharedUrl[] {
  const advertised = members
    .filter(({ known }) => known === 'settings')
    .flatMap(({ name, cluster, settings }) =>
      settings.initialAdvertisePeerUrls.value
        .filter((url) => !isOnEveryMachine(hostOf(url) ?? ''))
        .map((url) => ({ name, url, key: JSON.stringify([cluster, url]) })),
    );
  return [...groupBy(advertised, ({ key }) => key).values()].flatMap((same) => {
    const names = [...new Set(same.map(({ name }) => name))];
    return names.length < 2 ? [] : [{ url: same[0].url, names: enumerate(names) }];
  });
}
