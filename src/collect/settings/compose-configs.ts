import type { Mount } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { at, embeddedText, entriesOf, itemsOf, textOf } from './document.ts';
import type { EmbeddedText } from './settings-form.ts';

/** The `configs:` of a compose file that say themselves what they hold (https://docs.docker.com/reference/compose-file/configs/). */
export function configsInside(
  document: DocumentNode,
  interpolate: (text: string) => string,
): readonly EmbeddedText[] {
  return entriesOf(at(document, 'configs')).flatMap(({ key, value }) => {
    const content = at(value, 'content');
    const text = embeddedText(content, `configmap/${placeOf(document, key)}`);
    return text === undefined ? [] : [{ ...text, text: interpolate(text.text) }];
  });
}

/** Each file has configs of its own. */
function placeOf({ location }: DocumentNode, name: string): string {
  return `${location.file}/${name}`;
}

/** `secrets:` and `configs:` of a service, which are mounted under `/run/secrets` and `/` unless it says where. */
export function configMounts(
  service: DocumentNode,
  document: DocumentNode,
  interpolate: (text: string) => string,
): readonly Mount[] {
  return [
    ['secrets', '/run/secrets/'],
    ['configs', '/'],
  ].flatMap(([section = '', folder = '']) =>
    itemsOf(at(service, section)).map((item): Mount => {
      const name = textOf(item) ?? textOf(at(item, 'source')) ?? '';
      const target = interpolate(textOf(at(item, 'target')) ?? name);
      const inside = target.startsWith('/') ? target : `${folder}${target}`;
      const source = textOf(at(document, section, name, 'file'));
      if (source !== undefined) return { inside, from: 'host', source: interpolate(source) };
      const isInside =
        section === 'configs' && at(document, section, name, 'content') !== undefined;
      return isInside
        ? { inside, from: 'config-map', source: placeOf(document, name) }
        : { inside, from: 'other', source: `${section} ${name} of the compose file` };
    }),
  );
}
