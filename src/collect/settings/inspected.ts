import type { DocumentNode } from '../../model/settings.ts';
import { itemsOf, textOf, at } from './document.ts';
import { type Limit, limitOfEngine } from './limits.ts';
import type { Process } from './process.ts';
import type { SettingsContext } from './settings-context.ts';
import { type FormReading, readEachYaml, type SettingsForm } from './settings-form.ts';

/** Reads what a tool prints of one container or a list of them, as JSON. */
export function readInspected(
  containerIn: (container: DocumentNode, context: SettingsContext) => readonly Process[],
): SettingsForm['read'] {
  return readEachYaml((documents, _file, context): FormReading => {
    const containers = documents.flatMap((node) => (node.kind === 'list' ? node.items : [node]));
    return { processes: containers.flatMap((each) => containerIn(each, context)) };
  });
}

/** Limits of a process in a list; of some tools `nofile` is `RLIMIT_NOFILE`. */
export function limitsListed(
  of: string,
  list: DocumentNode | undefined,
  [name, soft, hard]: readonly [string, string, string],
): readonly Limit[] {
  return itemsOf(list).flatMap((item) => {
    const said = (key: string) => textOf(at(item, key)) ?? '';
    const kind = said(name)
      .replace(/^RLIMIT_/, '')
      .toLowerCase();
    const text = `${kind}=${said(soft)}:${said(hard)}`;
    return limitOfEngine(of, { text, location: item.location });
  });
}
