import { wordSet } from '../../../model/table.ts';
import { namesKind } from '../kinds.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { isMember } from '../is-member.ts';
import { listed, nameOf } from '../kubernetes-objects.ts';
import { mentionsIn } from '../mentions.ts';
import { holderOf } from '../pod-variables.ts';
import { emptyProcess } from '../process.ts';
import type { FormReading, SettingsForm } from '../settings-form.ts';
import { unreadAt } from '../unread-at.ts';
import { readDocuments } from '../yaml.ts';

/** ConfigMaps and Secrets whose keys are variables that no pod takes, for whatever pod was not given. */
const kinds = wordSet('ConfigMap Secret');

export const form: SettingsForm = {
  name: 'object-variables',
  layer: 'settings',
  words: ['ConfigMap', 'Secret'],
  recognises: ({ text }) =>
    namesKind(text, kinds) && /(?:^|[\s{,])["']?ETCD(?:CTL)?_\w+["']?[ \t]*:/m.test(text),
  read: async (files) => {
    const { documents, notUnderstood } = await readDocuments(files);
    const readings = documents.flatMap(listed).map(variablesOf);
    return {
      processes: readings.flatMap(({ processes = [] }) => processes),
      notUnderstood: [
        ...notUnderstood,
        ...readings.flatMap((reading) => reading.notUnderstood ?? []),
      ],
    };
  },
};

/**
 * Those of a server are read as an environment file by itself is. A client takes its certificate from other objects
 * than its endpoints, so that one of them says nothing of it.
 */
function variablesOf(object: DocumentNode): FormReading {
  const { kind, name: own } = nameOf(object);
  const variables = holderOf(object).flatMap(([, holder]) =>
    [...holder].map(([name, { value, node }]) => ({
      name,
      value: value ?? `\${${name}}`,
      location: node.location,
      ...(value === undefined && { doubt: 'something else fills it in' }),
    })),
  );
  const [first] = variables.filter(({ name }) => mentionsIn(`${name}=`).length > 0);
  if (first === undefined) return {};
  const { file, line } = first.location;
  const base = emptyProcess('object-variables', { file, ...(line !== undefined && { line }) });
  const process = { ...base, label: `${kind} ${own}`, variables, partial: true };
  if (isMember(process)) return { processes: [process] };
  const reason = `no container of the files given takes ${first.name} of the ${kind} ${own}`;
  const give = `give the object whose pods take it; if none does, list ${file} under \`ignore\` in etcd-tls.yaml`;
  return { notUnderstood: [unreadAt(file, line, reason, give)] };
}
