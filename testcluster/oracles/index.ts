import { client as coredns } from './clients/coredns.ts';
import { client as curl } from './clients/curl.ts';
import { client as etcd3gw } from './clients/etcd3gw.ts';
import { clients as etcdctl } from './clients/etcdctl.ts';
import { client as flanneld } from './clients/flanneld.ts';
import { client as jetcd } from './clients/jetcd.ts';
import { client as kubeApiserver } from './clients/kube-apiserver.ts';
import { clients as node } from './clients/node.ts';
import { client as patroni } from './clients/patroni.ts';
import type { OracleClient } from './oracle-client.ts';

/** Every real program that the forecast is compared with. */
export const oracleClients: readonly OracleClient[] = [
  ...etcdctl,
  kubeApiserver,
  flanneld,
  coredns,
  patroni,
  curl,
  etcd3gw,
  ...node,
  jetcd,
];
