import type { DocumentNode } from '../../model/settings.ts';
import type { Process } from './process.ts';
import type { SettingsContext } from './settings-context.ts';
import { type FormReading, readEach, type SettingsForm } from './settings-form.ts';
import { malformedYaml, readYaml } from './yaml.ts';

/** Reads what a tool prints of one container or a list of them, as JSON. */
export function readInspected(
  containerIn: (container: DocumentNode, context: SettingsContext) => readonly Process[],
): SettingsForm['read'] {
  return readEach(async (file, context): Promise<FormReading> => {
    const yaml = await readYaml(file);
    if (!yaml.ok) return { notUnderstood: [malformedYaml(file.path, yaml)] };
    const containers = yaml.documents.flatMap((node) =>
      node.kind === 'list' ? node.items : [node],
    );
    return { processes: containers.flatMap((each) => containerIn(each, context)) };
  });
}
