import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { at } from '../document.ts';
import type { Process } from '../process.ts';
import { clientOf } from './client-settings.ts';
import { clientFrom } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';
import { connectionOf, type Sections, sectionsIn } from './patroni-section.ts';
import { sectionsOfVariables } from './patroni-variables.ts';

export const client: EtcdClient = {
  name: 'patroni',
  variables: 'fill in',
  inProcess: patroniVariables,
  recognises: ({ text }) => /^etcd3?[ \t]*:[ \t\r]*(?:$|\{)/m.test(text),
  inDocument: patroni,
};

/** A file of Patroni by itself, without what starts Patroni. */
function patroni(document: DocumentNode, file: string): readonly ClientDraft[] {
  const isPatroni = ['scope', 'postgresql', 'restapi', 'bootstrap'].some(
    (key) => at(document, key) !== undefined,
  );
  const parts = isPatroni ? connectionOf(sectionsIn(document)) : undefined;
  return parts === undefined ? [] : [clientFrom(parts, file)];
}

/** Its variables by themselves, without its file (https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html). */
function patroniVariables(process: Process): readonly ClientDraft[] {
  return clientWith(sectionsOfVariables(process), process);
}

/** Patroni as a process starts it, by the configuration that it comes to. */
export function clientWith(sections: Sections, process: Process): readonly ClientDraft[] {
  const parts = connectionOf(sections);
  if (parts === undefined) return [];
  const { problems, ...connection } = parts;
  return [clientOf(process, { name: connection.kind, ...connection }, problems)];
}
