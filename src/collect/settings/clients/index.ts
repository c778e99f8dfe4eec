// Generated from the files of this folder by test/collect/settings/forms.test.ts; `npm run docs` updates it.
import { client as apisix } from './apisix.ts';
import { client as calico } from './calico.ts';
import { client as clientv3 } from './clientv3.ts';
import { client as coredns } from './coredns.ts';
import { client as curl } from './curl.ts';
import { client as etcdctl } from './etcdctl.ts';
import { client as externalDns } from './external-dns.ts';
import { client as felix } from './felix.ts';
import { client as flanneld } from './flanneld.ts';
import { client as grpcProxy } from './grpc-proxy.ts';
import { client as k0s } from './k0s.ts';
import { client as k3s } from './k3s.ts';
import { client as kubeApiserver } from './kube-apiserver.ts';
import { client as kubeadm } from './kubeadm.ts';
import { client as kubeconfig } from './kubeconfig.ts';
import { client as m3 } from './m3.ts';
import { client as patroni } from './patroni.ts';
import { client as prometheus } from './prometheus.ts';
import { client as rings } from './rings.ts';
import { client as rke2 } from './rke2.ts';
import { client as traefik } from './traefik.ts';
import { client as vitess } from './vitess.ts';
import type { EtcdClient } from './etcd-client.ts';

/** Every client of etcd whose settings are read. */
export const clients: readonly EtcdClient[] = [
  apisix,
  calico,
  clientv3,
  coredns,
  curl,
  etcdctl,
  externalDns,
  felix,
  flanneld,
  grpcProxy,
  k0s,
  k3s,
  kubeApiserver,
  kubeadm,
  kubeconfig,
  m3,
  patroni,
  prometheus,
  rings,
  rke2,
  traefik,
  vitess,
];
