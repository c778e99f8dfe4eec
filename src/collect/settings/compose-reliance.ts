import type { UnreadText } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import { endingOfContainer, type Requirement } from './before-start.ts';
import { at, entriesOf, textOf } from './document.ts';
import type { Process } from './process.ts';
import { unreadAt } from './unread-at.ts';

export interface Waiting {
  readonly by: string;
  readonly location: Location;
}

/** Another service waits for a health check that only the image may state. */
export function relianceOn(
  name: string,
  service: DocumentNode,
  awaited: ReadonlyMap<string, Waiting>,
): UnreadText | undefined {
  const healthcheck = at(service, 'healthcheck');
  const isSeen = at(healthcheck, 'test') !== undefined || at(service, 'build') !== undefined;
  if (isSeen || textOf(at(healthcheck, 'disable')) === 'true') return undefined;
  const waiting = awaited.get(name);
  if (waiting === undefined) return undefined;
  const { file, line } = waiting.location;
  const reason = `${waiting.by} waits until ${name} is healthy, and its health check, if its image has one, was not given`;
  return unreadAt(file, line, reason);
}

/** The first service of those that wait until another one is healthy. */
export function awaitedIn(document: DocumentNode): ReadonlyMap<string, Waiting> {
  const awaited = new Map<string, Waiting>();
  for (const { key: by, value } of entriesOf(at(document, 'services'))) {
    for (const { key: name, value: reliance } of entriesOf(at(value, 'depends_on'))) {
      const condition = at(reliance, 'condition');
      if (condition === undefined || textOf(condition) !== 'service_healthy') continue;
      if (!awaited.has(name)) awaited.set(name, { by, location: condition.location });
    }
  }
  return awaited;
}

interface Service {
  readonly name: string;
  readonly service: DocumentNode;
  readonly processes: readonly Process[];
}

/** The services that have to end with success before one starts. */
export function requiredBy(
  { service }: Pick<Service, 'service'>,
  services: readonly Service[],
  dependents: readonly string[] = [],
): readonly Requirement[] {
  return entriesOf(at(service, 'depends_on')).flatMap(({ key, location, value }) => {
    const required = services.find(({ name }) => name === key);
    const isOptional = textOf(at(value, 'required')) === 'false';
    if (required === undefined || isOptional || dependents.includes(key)) return [];
    const before = requiredBy(required, services, [...dependents, key]);
    if (textOf(at(value, 'condition')) !== 'service_completed_successfully') return before;
    const why = 'service-fails' as const;
    return [
      {
        name: 'depends_on',
        of: key,
        location,
        ending: endingOfContainer(required.processes[0]),
        why,
      },
      ...before,
    ];
  });
}
