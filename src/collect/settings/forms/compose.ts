import { processesInCompose } from '../compose.ts';
import { type FormReading, readEach, type SettingsForm } from '../settings-form.ts';
import { malformedYaml, readYaml } from '../yaml.ts';

/** Compose files, their `.env` and their `env_file`s. */
export const form: SettingsForm = {
  name: 'compose',
  layer: 'starter',
  recognises: ({ text }) => /^["']?services["']?[ \t]*:/m.test(text),
  read: readEach(async (file, context): Promise<FormReading> => {
    const yaml = await readYaml(file);
    if (!yaml.ok) return { notUnderstood: [malformedYaml(file.path, yaml)] };
    return { processes: yaml.documents.flatMap((each) => processesInCompose(each, context)) };
  }),
};
