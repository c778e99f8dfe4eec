import type { Mount, UnreadText } from '../../model/draft.ts';
import type { DocumentNode, LocatedText } from '../../model/settings.ts';
import { at, entriesOf, itemsOf, locatedText, locatedTexts, textOf } from './document.ts';
import { unreadAt } from './unread-at.ts';

type Section = 'services' | 'networks' | 'volumes' | 'secrets' | 'configs';

interface Reference {
  readonly section: Section;
  readonly name: LocatedText;
}

/**
 * What a service refers to and the file does not define, and what it may not say together: Compose refuses the file
 * (compose-go, loader/validate.go), unless another file that it is given brings it along.
 */
export function refusedByCompose(
  service: DocumentNode,
  document: DocumentNode,
  interpolate: (text: string) => string,
): readonly UnreadText[] {
  const missing = referencesIn(service, interpolate).filter(
    ({ section, name: { text } }) =>
      !text.includes('$') &&
      !(section === 'networks' && text === 'default') &&
      !entriesOf(at(document, section)).some(({ key }) => key === text),
  );
  const mode = at(service, 'network_mode');
  const both =
    mode !== undefined && at(service, 'networks') !== undefined
      ? [unread(mode, 'Compose refuses network_mode next to networks')]
      : [];
  return [
    ...missing.map(({ section, name }) =>
      unread(
        name,
        `the ${section.slice(0, -1)} ${name.text} is not defined, and Compose refuses the file`,
        `define ${name.text} under ${section}, or give the output of \`docker compose config\``,
      ),
    ),
    ...both,
  ];
}

function unread(
  { location }: Pick<LocatedText, 'location'>,
  reason: string,
  give?: string,
): UnreadText {
  return unreadAt(location?.file ?? '', location?.line, reason, give);
}

function referencesIn(
  service: DocumentNode,
  interpolate: (text: string) => string,
): readonly Reference[] {
  const named = (section: Section, names: readonly LocatedText[]) =>
    names.map((name): Reference => ({ section, name: { ...name, text: interpolate(name.text) } }));
  return [
    ...named('networks', keysOrItems(at(service, 'networks'))),
    ...named('secrets', itemsOf(at(service, 'secrets')).flatMap(sourceOf)),
    ...named('configs', itemsOf(at(service, 'configs')).flatMap(sourceOf)),
    ...named(
      'volumes',
      itemsOf(at(service, 'volumes')).flatMap((item) => volumeIn(item, interpolate)),
    ),
    ...named('services', keysOrItems(at(service, 'depends_on'))),
    ...named(
      'services',
      locatedTexts(at(service, 'links')).map((each) => cut(each, /:.*$/s)),
    ),
    ...named(
      'services',
      ['network_mode', 'ipc', 'pid'].flatMap((key) =>
        locatedTexts(at(service, key))
          .filter(({ text }) => text.startsWith('service:'))
          .map((each) => cut(each, /^service:/)),
      ),
    ),
  ];
}

function cut({ text, ...place }: LocatedText, part: RegExp): LocatedText {
  return { ...place, text: text.replace(part, '') };
}

function keysOrItems(node: DocumentNode | undefined): readonly LocatedText[] {
  const keys = entriesOf(node).map(({ key, location }) => ({ text: key, location }));
  return [...keys, ...itemsOf(node).flatMap((item) => locatedText(item) ?? [])];
}

function sourceOf(item: DocumentNode): readonly LocatedText[] {
  return [locatedText(item) ?? locatedText(at(item, 'source')) ?? []].flat();
}

/** The name of a volume: `NAME:PATH`, or the source of the long form. */
function volumeIn(
  item: DocumentNode,
  interpolate: (text: string) => string,
): readonly LocatedText[] {
  const short = locatedText(item);
  if (short === undefined) {
    const isNamed = /^(?:volume|cluster)$/.test(textOf(at(item, 'type')) ?? '');
    return isNamed ? [locatedText(at(item, 'source')) ?? []].flat() : [];
  }
  const name = /^([A-Za-z0-9][\w.-]+):./.exec(interpolate(short.text))?.[1];
  return name === undefined ? [] : [{ ...short, text: name }];
}

/** What `docker compose watch` copies into the container while it runs (compose-spec, develop.md). */
export function watchedIn(
  service: DocumentNode,
  interpolate: (text: string) => string,
): readonly Mount[] {
  return itemsOf(at(service, 'develop', 'watch')).flatMap((each): readonly Mount[] => {
    const target = textOf(at(each, 'target'));
    const action = at(each, 'action');
    if (target === undefined || !/^sync\b/.test(textOf(action) ?? '')) return [];
    const inside = interpolate(target).replace(/\/$/, '');
    return [{ inside, from: 'written', source: 'docker compose watch' }];
  });
}

/** What `docker compose watch` runs in the container. */
export function runsOfWatch(service: DocumentNode): readonly UnreadText[] {
  return itemsOf(at(service, 'develop', 'watch')).flatMap((each) => {
    const run = at(each, 'exec');
    return run === undefined ? [] : [unread(run, 'what develop runs in the container is not read')];
  });
}
