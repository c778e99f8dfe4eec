import { configsInside } from '../compose-configs.ts';
import { interpolationFor } from '../compose-interpolation.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { readYaml } from '../yaml.ts';

/** Compose files with configs that are written in them. */
export const form: SettingsForm = {
  name: 'compose-configs',
  layer: 'holder',
  alsoReadIn: ['starter'],
  words: ['configs'],
  recognises: ({ text }) =>
    /^["']?services["']?[ \t]*:/m.test(text) &&
    /^["']?configs["']?[ \t]*:/m.test(text) &&
    /\bcontent["']?[ \t]*:/.test(text),
  read: readEach(async (file, context) => {
    const yaml = await readYaml(file);
    // What is not YAML is named where its services are read.
    if (!yaml.ok) return {};
    const texts = yaml.documents.flatMap((document) =>
      configsInside(document, interpolationFor(document, context).interpolate),
    );
    return { texts };
  }),
};
