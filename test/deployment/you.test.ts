import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { issueAuthority } from '../support/pki.ts';
import { runProgram } from '../support/program.ts';
import { writeSets } from '../support/sets.ts';
import { judge, look } from '../../src/audit.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { directoryWith } from '../support/directory.ts';

const endpoints = ['https://10.104.100.236:2379'];

test('the client of the command line is predicted and judged like every other', async () => {
  await using sets = await writeSets();
  const unrelated = await issueAuthority({ commonName: 'another-ca' });
  await using other = await directoryWith({ 'ca.pem': unrelated.certificatePem });
  const you = { endpoints, trustedCaFile: other.at('ca.pem') };
  const request = { paths: [sets.fixed], maps: [], you };

  const report = judge(await look(request), request);
  const own = report.forecast.filter(({ edge, from }) => edge === 'client' && from === 'you');

  expect(own).toMatchObject([{ to: endpoints[0], outcome: 'refused', refusedBy: 'client' }]);
  expect(report.facts.clients?.find(({ name }) => name === 'you')).toMatchObject({
    kind: 'etcdctl',
    endpoints: { value: endpoints, origin: { via: 'flag', name: '--endpoints' } },
  });
  expect(report.verdict.status).toBe('fail');
});

test.each([
  {
    args: ['--endpoints', 'https://nonsense:1', '--cert', '/nope'],
    says: '--cert has no effect without --key',
  },
  { args: ['--endpoints', 'https://10.0.0.1:2379'], says: 'the client has no CA' },
  { args: ['--cacert', '/nope'], says: '/nope does not exist' },
])('check $args is wrong usage', async ({ args, says }) => {
  await using sets = await writeSets();

  const { code, stderr } = await runProgram(['check', sets.fixed, ...args]);

  expect({ code, stderr }).toMatchObject({ code: 2 });
  expect(stderr).toContain(says);
  expect(stderr).toContain('hint: ');
});

const emptyCa = 'the CA that this client trusts for servers is empty';

test.each([
  { file: 'no-certificate', content: '', code: 1, says: emptyCa },
  { file: 'no-certificate.pem', content: 'nothing\n', code: 1, says: emptyCa },
  { file: 'ca', content: undefined, code: 0, says: 'PASS' },
])('what --cacert names is a CA file, whatever its name: $file', async ({ file, ...set }) => {
  await using sets = await writeSets();
  const ca = await readFile(`${sets.fixed}/certs/ca_cert.pem`, 'utf8');
  await using other = await directoryWith({ [file]: set.content ?? ca });
  const client = ['--cert', `${sets.fixed}/certs/client_cert.pem`];
  const key = ['--key', `${sets.fixed}/certs/client_key_insecure.pem`];
  const options = ['--cacert', other.at(file), ...client, ...key, '--endpoints', ...endpoints];

  const { code, stdout } = await runProgram(['check', sets.fixed, ...options, '--quiet']);

  expect({ code, stdout }).toMatchObject({ code: set.code });
  expect(stdout.replace(/\s+/g, ' ')).toContain(set.says);
});

test('verify of an endpoint alone reads no directory', async () => {
  await using sets = await writeSets();

  const { stdout } = await runProgram(
    ['verify', '--endpoints', 'https://127.0.0.1:1', '--report', 'json'],
    { cwd: sets.fixed },
  );

  expect(JSON.parse(stdout)).toMatchObject({
    verdict: { scope: 'client' },
    inventory: { members: [], clients: [] },
    facts: { files: [] },
  });
});

test('verify of an endpoint alone says once what to give', async () => {
  const { stdout } = await runProgram([
    'verify',
    '--endpoints',
    'https://127.0.0.1:1',
    '--fail-on=critical',
  ]);

  const text = stdout.replace(/\s+/g, ' ');
  expect(text).toContain('but members: only endpoints were given (and');
  expect(text).toContain('Next: give --cacert, --cert and --key to check a client, or a cert set');
  expect(text.split('--cacert')).toHaveLength(2);
});

test('verify takes what etcdctl takes from its variables, and check does not', async () => {
  await using sets = await writeSets();
  const env = {
    ETCDCTL_ENDPOINTS: 'https://127.0.0.1:1',
    ETCDCTL_CACERT: `${sets.fixed}/certs/ca_cert.pem`,
  };

  const clientsOf = async (command: string) => {
    const { stdout } = await runProgram([command, sets.fixed, '--report', 'json'], { env });
    return parseReport(stdout, 'standard output').facts.clients?.map(({ name }) => name);
  };

  expect(await clientsOf('verify')).toContain('you');
  expect(await clientsOf('check')).not.toContain('you');
});
