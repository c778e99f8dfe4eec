import type { DocumentNode } from '../../model/settings.ts';
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
