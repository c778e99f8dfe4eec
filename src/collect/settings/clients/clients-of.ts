import type { ClientDraft } from '../../../model/draft.ts';
import type { Process } from '../process.ts';
import { clients } from './index.ts';

/** The etcd clients that a process is or has. */
export function clientsOf(process: Process): readonly ClientDraft[] {
  return clients.flatMap(({ inProcess }) => inProcess?.(process) ?? []);
}
