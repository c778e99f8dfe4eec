import { expect, test } from 'vitest';
import { readForSystemd } from '../../../src/collect/settings/environment-file.ts';
import { startedBy } from '../../../src/collect/settings/started.ts';
import { locatedWords } from '../../../src/collect/settings/words.ts';
import { deploy } from '../../support/deploy.ts';
import { directoryWith } from '../../support/directory.ts';

/** The variables that reach etcd through a command line. */
function inherited(commandLine: string): readonly string[] {
  const line = { text: commandLine, starts: [{ offset: 0, line: 1 }] };
  const words = locatedWords('etcd.sh', line, 'systemd');
  const variables = [
    { name: 'ETCD_CERT_FILE', value: '/c/n1.crt' },
    { name: 'ETCD_CLIENT_CERT_AUTH', value: 'true' },
  ];
  const { started } = startedBy({ words, variables, complete: true });
  const etcd = started.find(({ program }) => program === 'etcd');
  return etcd?.variables.map(({ name }) => name) ?? ['etcd is not started'];
}

const both = ['ETCD_CERT_FILE', 'ETCD_CLIENT_CERT_AUTH'];

test.each([
  { line: '/usr/bin/etcd', names: both },
  { line: 'nice -n 5 etcd', names: both },
  { line: 'env -u ETCD_CLIENT_CERT_AUTH etcd', names: ['ETCD_CERT_FILE'] },
  { line: 'env --unset=ETCD_CERT_FILE etcd', names: ['ETCD_CLIENT_CERT_AUTH'] },
  { line: 'env -uETCD_CERT_FILE etcd', names: ['ETCD_CLIENT_CERT_AUTH'] },
  { line: 'env -i etcd', names: [] },
  { line: 'env - ETCD_NAME=n1 etcd', names: ['ETCD_NAME'] },
  { line: 'env ETCD_NAME=n1 etcd', names: [...both, 'ETCD_NAME'] },
  { line: 'sudo -u etcd etcd', names: [] },
  { line: 'sudo -E -u etcd etcd', names: both },
  { line: 'sudo --preserve-env -u etcd etcd', names: both },
  { line: 'sudo --preserve-env=ETCD_CERT_FILE -u etcd etcd', names: ['ETCD_CERT_FILE'] },
  { line: 'sudo -u etcd ETCD_NAME=n1 etcd', names: ['ETCD_NAME'] },
  { line: 'exec -c etcd', names: [] },
  { line: 'exec etcd', names: both },
  { line: 'setpriv --reuid etcd etcd', names: both },
  { line: 'setpriv --reset-env --reuid etcd etcd', names: [] },
  { line: 'runuser -u etcd -- etcd', names: both },
  { line: 'su etcd -c /usr/bin/etcd', names: both },
  { line: 'su - etcd -c /usr/bin/etcd', names: [] },
  { line: 'systemd-run --unit e etcd', names: [] },
])('`$line` hands on $names', ({ line, names }) => {
  expect(inherited(line)).toEqual(names);
});

test.each([
  ['"', '\\"x', '"x'],
  ["'", 'x', 'x'],
])('a value in %s goes on to its end, however many lines that are', (quote, line, read) => {
  const lines = Array.from({ length: 5000 }, () => line).join('\n');
  const text = `A=${quote}${lines}${quote}\nETCD_NAME=a\nB=${quote}open\nETCD_NAME=b\n`;

  const variables = readForSystemd({ path: 'etcd.env', text });

  expect(variables.map(({ name, location }) => [name, location?.line])).toEqual([
    ['A', 1],
    ['ETCD_NAME', 5001],
    ['B', 5002],
  ]);
  expect(variables[0]?.value).toBe(Array.from({ length: 5000 }, () => read).join('\n'));
});

async function settingsOf(text: string) {
  await using set = await directoryWith({ 'etcd.service': `[Service]\n${text}\n` });
  const { facts } = await deploy({ paths: [set.path], maps: [] });
  return facts.members?.[0]?.settings;
}

test('the word after an ExecStart with `@` is the name of the process, not an argument', async () => {
  const settings = await settingsOf('ExecStart=@/usr/bin/etcd etcd-main --name=n1');

  expect(settings?.name?.value).toBe('n1');
});

function unit(prefix: string): string {
  return `Environment=CA=/c/ca.crt\nExecStart=${prefix}/usr/bin/etcd --name=n1 --trusted-ca-file=\${CA}`;
}

test('`:` before the program of an ExecStart switches substitution off', async () => {
  expect((await settingsOf(unit('')))?.client.trustedCaFile?.value).toBe('/c/ca.crt');
  expect((await settingsOf(unit(':')))?.client.trustedCaFile?.value).not.toBe('/c/ca.crt');
});

test.each([
  { script: 'export ETCD_CLIENT_CERT_AUTH=true', expected: true },
  { script: 'export ETCD_CLIENT_CERT_AUTH=true; export -n ETCD_CLIENT_CERT_AUTH', expected: false },
  { script: 'declare -x ETCD_CLIENT_CERT_AUTH=true', expected: true },
  {
    script: 'declare -x ETCD_CLIENT_CERT_AUTH=true; declare +x ETCD_CLIENT_CERT_AUTH',
    expected: false,
  },
])('after `$script` client authentication is $expected', async ({ script, expected }) => {
  await using set = await directoryWith({
    'start.sh': `#!/bin/bash\n${script}\nexec etcd --name=n1\n`,
  });
  const { facts } = await deploy({ paths: [set.path], maps: [] });

  expect(facts.members?.[0]?.settings.client.clientCertAuth?.value ?? false).toBe(expected);
});
