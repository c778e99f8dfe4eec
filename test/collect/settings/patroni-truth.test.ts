import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';
import { skipWithout } from '../../support/skip-without.ts';

skipWithout('patroni');

type Variables = Readonly<Record<string, string>>;

/** What Patroni's own code says of a case. */
const answerSchema = z.object({
  section: z.string(),
  endpoints: z.array(z.string()),
  proxies: z.boolean().optional(),
  ca: z.string().nullish(),
  cert: z.string().nullish(),
  key: z.string().nullish(),
});

type Answer = z.infer<typeof answerSchema> | null;

const files = [
  'etcd3:\n  hosts: 10.0.0.1:2379,10.0.0.2:2379\n  protocol: https\n  cacert: /a\n  cert: /c\n  key: /k\n',
  'etcd3:\n  hosts:\n    - 10.0.0.1:2379\n    - 10.0.0.2\n  protocol: https\n  cacert: /a\n',
  "etcd3:\n  hosts: '[fd00::1]:2379, [fd00::2]:2379'\n  protocol: https\n",
  'etcd3:\n  host: 10.0.0.1:4379\n  protocol: https\n',
  'etcd3:\n  host: 10.0.0.1:4379\n  port: 5379\n',
  'etcd3:\n  url: https://10.0.0.1\n  cert: /c\n',
  'etcd3:\n  proxy: https://10.0.0.9:2379\n  hosts: 10.0.0.1\n',
  'etcd3:\n  hosts: a\n  use_proxies: true\n',
  'etcd:\n  hosts: 10.0.0.1:2379\n  protocol: https\netcd3:\n  hosts: 10.0.0.2:2379\n',
  'consul:\n  host: b\netcd3:\n  hosts: 10.0.0.2:2379\n',
  'etcd3:\n  key: /k\n',
  '',
].map((text) => `scope: a\npostgresql: {}\n${text}`);

const variables: readonly Variables[] = [
  {},
  { PATRONI_ETCD3_CACERT: '/b' },
  { PATRONI_ETCD3_CACERT: '', PATRONI_ETCD3_CERT: '', PATRONI_ETCD3_KEY: '/v' },
  { PATRONI_ETCD3_CERT: '/d' },
  { PATRONI_ETCD3_HOSTS: '10.0.0.3:2379', PATRONI_ETCD3_PROTOCOL: 'https' },
  { PATRONI_ETCD3_HOSTS: "'10.0.0.3:2379','10.0.0.4'", PATRONI_ETCD3_PORT: '7' },
  { PATRONI_ETCD3_HOSTS: '"10.0.0.3:2379", "10.0.0.4:1"' },
  { PATRONI_ETCD3_HOSTS: '[fd00::3]:2379' },
  { PATRONI_ETCD3_HOSTS: "'[fd00::3]:2379,[fd00::4]:2379'" },
  { PATRONI_ETCD3_HOSTS: "'[fd00::3]:2379','[fd00::4]:2379'" },
  { PATRONI_ETCD3_HOSTS: "['[fd00::3]:2379','[fd00::4]:2379']" },
  { PATRONI_ETCD3_HOSTS: '- 10.0.0.3:2379\n- b:2379' },
  { PATRONI_ETCD3_PROTOCOL: 'http' },
  { PATRONI_ETCD3_HOST: '10.0.0.5' },
  { PATRONI_ETCD3_PROXY: 'https://10.0.0.8' },
  { PATRONI_ETCD3_USE_PROXIES: 'on' },
  { PATRONI_ETCD_HOSTS: '10.0.0.6:2379' },
  { PATRONI_ETCD_CACERT: '/x' },
  { PATRONI_CONSUL_HOST: 'b' },
];

const cases = files.flatMap((text) => variables.map((each) => ({ text, variables: each })));
let answers: readonly Answer[] = [];

beforeAll(() => {
  const input = JSON.stringify(cases.map((each) => [each.text, each.variables]));
  const script = join(import.meta.dirname, 'support', 'configured_patroni.py');
  const { stdout, stderr } = spawnSync('/usr/bin/python3', [script], { input, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  answers = z.array(answerSchema.nullable()).parse(JSON.parse(stdout));
});

const noHosts = 'Patroni is given no hosts of etcd, and does not start without them';

const unit = (set: Variables) => `[Service]
User=postgres
EnvironmentFile=/etc/patroni/env
ExecStart=/usr/bin/patroni /etc/patroni/config.yml
${Object.entries(set)
  .map(
    ([name, value]) =>
      `Environment="${name}=${value.replaceAll('"', String.raw`\"`).replaceAll('\n', String.raw`\n`)}"`,
  )
  .join('\n')}
`;

const isOfProxies = ({ reason }: { readonly reason: string }) => reason.includes('proxies of etcd');

async function ours(text: string, set: Variables) {
  const given = [
    { path: 'etc/systemd/system/patroni.service', text: unit(set) },
    { path: 'etc/patroni/env', text: 'LANG=C\n' },
    { path: 'etc/patroni/config.yml', text },
  ];
  const find = (path: string) => given.find((file) => `/${file.path}` === path);
  const { clients, notUnderstood } = await readSettings(given, { find });
  const open = notUnderstood.filter((each) => !isOfProxies(each) && each.reason !== noHosts);
  const proxies = notUnderstood.some(isOfProxies);
  return [...open, ...clients.map((client) => connection(client, proxies))];
}

type Draft = Awaited<ReturnType<typeof readSettings>>['clients'][number];

/** The parts that both say. */
function connection(client: Draft, proxies: boolean) {
  const { problems, asksVersionTwo, endpoints, caFile, certFile, keyFile } = client;
  const [refused] = problems.map(({ why }) => why);
  if (refused !== undefined) return refused;
  return {
    section: asksVersionTwo === true ? 'etcd' : 'etcd3',
    endpoints: endpoints.value,
    proxies,
    ca: caFile?.value ?? null,
    cert: certFile?.value ?? null,
    key: keyFile?.value ?? null,
  };
}

/** The same of Patroni: what names no endpoint is refused where another section does, and connects to nothing otherwise. */
function real(answer: Answer | undefined, { text, variables: set }: (typeof cases)[number]) {
  if (answer === null || answer === undefined) return [];
  const { endpoints } = answer;
  if (endpoints.length === 0) {
    const isOther =
      answer.section === 'etcd' && /hosts?:|url:|proxy:/.test(text + Object.keys(set));
    return isOther ? ['section-without-endpoint'] : [];
  }
  return endpoints.every((url) => url.includes('://')) ? [answer] : ['hosts-next-to-url'];
}

test.for(files)('%s', async (text) => {
  const own: unknown[] = [];
  const theirs: unknown[] = [];
  for (const [index, each] of cases.entries()) {
    if (each.text !== text) continue;
    own.push({ ...each.variables, is: await ours(text, each.variables) });
    theirs.push({ ...each.variables, is: real(answers[index], each) });
  }
  expect(own).toEqual(theirs);
});
