import { sectionKeyNames, topLevelKey } from '../../etcd/config-keys.ts';
import { flagNamed, flagOfVariable } from '../../etcd/flags.ts';
import { etcdVersion, supposedVersion } from '../../etcd/version.ts';
import type { MemberDraft } from '../../model/draft.ts';
import type { DocumentNode, LocatedText, SettingsSource } from '../../model/settings.ts';

/**
 * A draft as evidence may hold it: values of the settings that etcd and Go know; of unknown ones only what
 * is a boolean, a number, a path or a URL. Whatever else stands in an environment may be a secret.
 */
export function publicDraft(draft: MemberDraft): MemberDraft {
  return { ...draft, sources: draft.sources.map(publicSource) };
}

function publicSource(source: SettingsSource): SettingsSource {
  switch (source.kind) {
    case 'environment':
      return {
        ...source,
        variables: source.variables
          .filter(({ name }) => name.startsWith('ETCD_') || readByGo.test(name))
          .map((variable) => {
            const isKnown = flagOfVariable(variable.name) !== undefined;
            const keeps = isKnown || readByGo.test(variable.name);
            return { ...variable, value: publicValue(variable.value, keeps) };
          }),
      };
    case 'flags':
      return { ...source, arguments: publicWords(source.arguments) };
    case 'config-file':
      return source.document === undefined
        ? source
        : { ...source, document: publicNode(source.document, true) };
    case 'assumed':
      return source;
  }
}

const readByGo =
  /^(?:GODEBUG|GOFIPS140|https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR|GRPC_\w+)$/i;

const publicShape =
  /^(?:true|false|\d+(?:\.\d+)?(?:[nuµm]?s|m|h|d)?|[a-z]+:\/\/[^\s@]*|\.{0,2}\/[\w./%-]*)?$/i;

function publicValue(value: string, isKnown: boolean): string {
  if (value.includes('-----BEGIN')) return withheld;
  if (!isKnown && !publicShape.test(value)) return withheld;
  return value.replaceAll(/(:\/\/)[^\s/@,]*@/g, '$1');
}

/** Stands for a value that evidence does not hold. */
const withheld = '(not shown)';

function publicWords(words: readonly LocatedText[]): readonly LocatedText[] {
  let isValue = false;
  return words.map((word) => {
    const [, name, attached] = /^--?([\w-]+)(=.*)?$/s.exec(word.text) ?? [];
    if (name === undefined) {
      const text = publicValue(word.text, isValue);
      isValue = false;
      return { ...word, text };
    }
    const isKnown = flagNamed(name) !== undefined;
    isValue = isKnown && attached === undefined;
    if (attached === undefined) return word;
    const dashes = word.text.slice(0, word.text.indexOf(name));
    return { ...word, text: `${dashes}${name}=${publicValue(attached.slice(1), isKnown)}` };
  });
}

const newest = etcdVersion(supposedVersion);

function publicNode(node: DocumentNode, isKnown: boolean): DocumentNode {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string'
        ? { ...node, value: publicValue(node.value, isKnown) }
        : node;
    case 'list':
      return { ...node, items: node.items.map((item) => publicNode(item, isKnown)) };
    case 'map':
      return {
        ...node,
        entries: node.entries.map((entry) => ({
          ...entry,
          value: publicNode(entry.value, isKnownKey(entry.key)),
        })),
      };
  }
}

function isKnownKey(key: string): boolean {
  const name = key.toLowerCase();
  return (
    flagNamed(name) !== undefined ||
    topLevelKey(name, newest) !== undefined ||
    sectionKeyNames.some((known) => known.toLowerCase() === name)
  );
}
