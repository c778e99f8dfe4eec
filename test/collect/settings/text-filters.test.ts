import { expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

const etcdctl = 'etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/pki/ca.crt endpoint health';

async function read(filter: string) {
  const check = JSON.stringify(['CMD-SHELL', `${etcdctl} | ${filter}`]);
  const text = `services:\n  e1:\n    image: quay.io/coreos/etcd:v3.5.21\n    command: etcd --name e1 --listen-client-urls https://127.0.0.1:2379 --advertise-client-urls https://127.0.0.1:2379\n    healthcheck: {test: ${check}}\n`;
  const { clients, notUnderstood } = await readSettings([{ path: 'compose.yaml', text }], {
    find: () => undefined,
  });
  const current = clients.filter(({ lifetime }) => lifetime === undefined || 'since' in lifetime);
  return { kinds: current.map(({ kind }) => kind), reasons: notUnderstood.map((it) => it.reason) };
}

test.each([
  "grep -q 'is healthy'",
  "sed -n '1p' | grep -q healthy",
  "sed -e 's/is healthy/ok/g' -e '2,$d'",
  "awk '/healthy/ {ok=1} END {exit !ok}'",
  "awk '{print $3 || $2}' | sort | head -n 1",
])('etcdctl piped into %s is a client', async (filter) => {
  expect(await read(filter)).toEqual({ kinds: ['etcdctl'], reasons: [] });
});

test.each([
  "sed 's/x/curl https:\\/\\/etcd:2379/e'",
  'sed -f script.sed',
  'awk \'{ system("etcdctl get /") }\'',
  'awk \'{ print | "sh" }\'',
  'awk -f script.awk',
])('what %s starts is not known', async (filter) => {
  const { kinds, reasons } = await read(filter);

  expect(kinds).toEqual(['etcdctl']);
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatch(/the healthcheck runs `(?:sed|awk)`, which was not given/);
});
