/** By set of `found/forecast`: where the forecast still differs from what real etcd did. Only ever shrinks. */
export const knownDifferences: Readonly<Record<string, readonly string[]>> = {
  'crl-with-serial-zero': ['client etcdctl -> https://10.104.100.236:2379'],
  'election-below-heartbeat': [
    'client etcdctl -> https://10.104.100.236:2379',
    'self node1 -> https://10.104.100.236:2379',
  ],
  'malformed-intermediate-in-client-file': ['client etcdctl -> https://10.104.100.236:2379'],
  'malformed-intermediate-in-server-file': [
    'client etcdctl -> https://10.104.100.236:2379',
    'self node1 -> https://10.104.100.236:2379',
  ],
  'no-advertised-urls': [
    'client etcdctl -> https://10.104.100.236:2379',
    'self node1 -> https://10.104.100.236:2379',
  ],
  'p224-client': ['client etcdctl -> https://10.104.100.236:2379'],
  'peer-tls-versions-apart': [
    'peer node1 -> https://10.104.100.245:2380',
    'peer node1 -> https://10.104.100.239:2380',
    'peer node2 -> https://10.104.100.236:2380',
    'peer node3 -> https://10.104.100.236:2380',
  ],
  'peer-with-p224': [
    'peer node1 -> https://10.104.100.245:2380',
    'peer node1 -> https://10.104.100.239:2380',
  ],
  'rsa-512-authority-3.5.30': [
    'client etcdctl -> https://10.104.100.236:2379',
    'self node1 -> https://10.104.100.236:2379',
  ],
  'rsa-512-client': ['client etcdctl -> https://10.104.100.236:2379'],
  'rsa-512-client-under-tls12': ['client etcdctl -> https://10.104.100.236:2379'],
  'rsa-512-server': [
    'client etcdctl -> https://10.104.100.236:2379',
    'self node1 -> https://10.104.100.236:2379',
  ],
  'suites-of-3des': ['client etcdctl -> https://10.104.100.236:2379'],
  'suites-of-cbc-alone': [
    'client etcdctl -> https://10.104.100.236:2379',
    'self node1 -> https://10.104.100.236:2379',
  ],
  'suites-of-rsa-exchange-alone': ['self node1 -> https://10.104.100.236:2379'],
  'two-ways-to-bootstrap': [
    'client etcdctl -> https://10.104.100.236:2379',
    'self node1 -> https://10.104.100.236:2379',
  ],
  'useless-bad-certificate-after-peer': [
    'peer node1 -> https://10.104.100.245:2380',
    'peer node1 -> https://10.104.100.239:2380',
    'peer node2 -> https://10.104.100.236:2380',
    'peer node3 -> https://10.104.100.236:2380',
  ],
  'useless-bad-certificate-after-server': [
    'client etcdctl -> https://10.104.100.236:2379',
    'self node1 -> https://10.104.100.236:2379',
  ],
};
