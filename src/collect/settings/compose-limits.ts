import type { DocumentNode } from '../../model/settings.ts';
import { at, entriesOf, locatedText } from './document.ts';
import { type Limit, limitOf, limitOfEngine } from './limits.ts';

/** How much a service may use (https://github.com/compose-spec/compose-spec/blob/main/05-services.md). */
export function limitsOfService(
  service: DocumentNode,
  interpolate: (text: string) => string,
): readonly Limit[] {
  const read = (...path: readonly string[]) => {
    const found = locatedText(at(service, ...path));
    return found === undefined ? [] : [{ ...found, text: interpolate(found.text) }];
  };
  const deployed = ['deploy', 'resources', 'limits'];
  const ulimits = entriesOf(at(service, 'ulimits')).flatMap(({ key }) => {
    const [one] = read('ulimits', key);
    const [soft] = read('ulimits', key, 'soft');
    const [hard] = read('ulimits', key, 'hard');
    const said = one ?? (soft && { ...soft, text: `${soft.text}:${hard?.text ?? ''}` });
    return said === undefined ? [] : [{ ...said, text: `${key}=${said.text}` }];
  });
  return [
    ...read('mem_limit').flatMap((said) => limitOf('mem_limit', 'memory', said)),
    ...read(...deployed, 'memory').flatMap((said) => limitOf(deployed.join('.'), 'memory', said)),
    ...read('pids_limit').flatMap((said) => limitOf('pids_limit', 'tasks', said)),
    ...read(...deployed, 'pids').flatMap((said) => limitOf(deployed.join('.'), 'tasks', said)),
    ...ulimits.flatMap((said) => limitOfEngine('ulimits', said)),
  ];
}
