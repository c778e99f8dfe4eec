import type { ClientDraft } from '../../../model/draft.ts';
import type { Process } from '../process.ts';
import { byProcess } from './by-process.ts';
import { etcdctl } from './etcdctl.ts';
import { flanneld } from './flanneld.ts';
import { grpcProxy } from './grpc-proxy.ts';
import { kubeApiserver } from './kube-apiserver.ts';
import { patroniVariables } from './patroni.ts';

/** Every client that is recognised by the process that it runs in. */
const readers: readonly ((process: Process) => readonly ClientDraft[])[] = [
  etcdctl,
  flanneld,
  kubeApiserver,
  grpcProxy,
  patroniVariables,
  byProcess,
];

/** The etcd clients that a process is or has. */
export function clientsOf(process: Process): readonly ClientDraft[] {
  return readers.flatMap((read) => read(process));
}
