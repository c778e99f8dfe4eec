import type { TextFile } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { isTold } from '../file-signs.ts';
import type { FormReading } from '../settings-form.ts';
import { readToml } from '../toml.ts';
import { malformedYaml, readYaml } from '../yaml.ts';
import type { EtcdClient } from './etcd-client.ts';
import { clients } from './index.ts';

/** Whether some client of etcd knows the file for its own. */
export function isClientConfig(file: TextFile): boolean {
  return clients.some((client) => owns(client, file));
}

function owns({ recognises, ...client }: EtcdClient, file: TextFile): boolean {
  return recognises !== undefined && isTold(file, { ...client, recognises });
}

/** The etcd clients that a configuration file of some other program sets up. */
export async function clientsInConfig(file: TextFile): Promise<FormReading> {
  const own = clients.filter((client) => owns(client, file));
  const whole = own.flatMap(({ inFile }) => inFile?.(file) ?? []);
  if (own.every(({ inDocument }) => inDocument === undefined)) return { clients: whole };
  if (isToml(file.text)) {
    return { clients: [...whole, ...read(await readToml(file), file, own)] };
  }

  const yaml = await readYaml(file);
  if (!yaml.ok) return { clients: whole, notUnderstood: [malformedYaml(file.path, yaml)] };
  return { clients: [...whole, ...yaml.documents.flatMap((one) => read(one, file, own))] };
}

/** A table's header, or a file that begins with an assignment. */
function isToml(text: string): boolean {
  return (
    /^[ \t]*\[[\w."' -]+\][ \t]*(?:#[^\n]*)?\r?$/m.test(text) ||
    /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*\w+[ \t]*=/.test(text)
  );
}

function read(document: DocumentNode, { path }: TextFile, own: readonly EtcdClient[]) {
  return own.flatMap(({ inDocument }) => inDocument?.(document, path) ?? []);
}
