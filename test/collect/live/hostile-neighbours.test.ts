import { beforeAll, expect, test } from 'vitest';
import { observe } from '../support/observe.ts';
import { issueAuthority, type Issued } from '../../../testcluster/issue/issue.ts';
import { connectionBehaviours } from '../support/hostile-behaviours.ts';
import { startServer, startTlsServer } from '../support/servers.ts';
import { startEtcd } from '../support/start-etcd.ts';
import { skipWithout } from '../../support/skip-without.ts';

skipWithout('etcd');

let identity: Issued;

beforeAll(async () => {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  identity = await authority.issue({ commonName: 'm1', hosts: ['127.0.0.1'] });
});

test('whatever other servers do behind TLS or without it, the sound member is seen whole', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using etcd = await startEtcd();
  const foreign = await Promise.all(
    Object.values(connectionBehaviours).flatMap((behave) => [
      startTlsServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'] }, 'client', behave),
      startTlsServer({ cert, key, maxVersion: 'TLSv1.2' }, 'peer', behave),
      startServer(behave),
    ]),
  );
  const credential = (owner: string) => ({
    owner,
    certificateFile: etcd.file(owner),
    keyFile: etcd.file(`${owner}-key`),
  });

  const facts = await observe({
    endpoints: [...foreign.map(({ endpoint }) => endpoint), etcd.client, etcd.peer],
    credentials: { client: credential('client'), members: [credential('m1')] },
    trustedCaFile: etcd.file('ca'),
    timeoutMs: 6000,
    concurrency: 64,
    negativeProbes: true,
  });

  await Promise.all(foreign.map((anonymous) => anonymous[Symbol.asyncDispose]()));
  expect(facts.endpoints).toHaveLength(foreign.length + 2);
  const own = facts.admissions.filter(({ url }) => [etcd.client.url, etcd.peer.url].includes(url));
  expect(own.filter(({ outcome }) => outcome === 'admitted')).toHaveLength(4);
  expect(own.filter(({ outcome }) => outcome === 'refused')).toHaveLength(4);
  expect(
    facts.memberLists.filter(({ outcome }) => outcome === 'answered').map(({ through }) => through),
  ).toEqual(['grpc', 'etcd3', 'peer-http']);
  expect(JSON.stringify(facts).length).toBeLessThan(2_000_000);
});
