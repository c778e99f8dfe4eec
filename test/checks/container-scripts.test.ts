import { expect, test } from 'vitest';
import { compose, flags, judged, pod, withShell } from '../support/containers.ts';

const script = (host: string, change = (line: string) => line) =>
  `#!/bin/sh\nset -e\nexec etcd \\\n${flags(host)
    .map((flag) => `  ${change(flag)}`)
    .join(' \\\n')}\n`;
const noAuthentication = (line: string) =>
  /^--(?:client-cert-auth|trusted-ca-file=.*)$/.test(line) ? '' : line;

/** The service or pod of a sound member, with another command. */
const started = (
  given: Readonly<Record<string, string>>,
  name: string,
  command: string,
  mount: string,
) => ({
  ...given,
  [name]: (given[name] ?? '')
    .replace(/command: .*/, `command: ${command}`)
    .replace('volumes: [', `volumes: [${mount}`)
    .replace('volumeMounts: [', `volumeMounts: [${mount}`),
});

const composed = (command: string, mount = '"./scripts:/scripts:ro", ') =>
  started(compose(''), 'docker-compose.yml', command, mount);

const configMap = (text: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: scripts, namespace: kube-system}
data:
  start.sh: |
${text.replaceAll(/^/gm, '    ')}
`;
const inPod = (command: string) => {
  const given = started(pod(''), 'etcd.yaml', command, '{name: scripts, mountPath: /scripts}, ');
  const text = given['etcd.yaml'] ?? '';
  return {
    ...given,
    'etcd.yaml': `${text}  - {name: scripts, configMap: {name: scripts, defaultMode: 0755}}\n`,
  };
};

const open = ['client-port-admits-anonymous https://10.0.0.1:2379'];

test.each([
  { what: 'a script', command: '["/scripts/start.sh"]' },
  { what: 'a shell with a script', command: '["sh", "/scripts/start.sh"]' },
  { what: 'a script in a shell', command: `["sh", "-c", "/scripts/start.sh"]` },
  { what: 'a script in the string form', command: '/scripts/start.sh' },
])('$what of a service is followed through its mount', async ({ command }) => {
  const given = withShell(composed(command));
  const good = { ...given, 'scripts/start.sh': script('etcd') };
  const bad = { ...given, 'scripts/start.sh': script('etcd', noAuthentication) };

  expect(await judged(good)).toEqual({ status: 'pass', found: [], open: [] });
  expect((await judged(bad)).found.map((each) => each.replace(/ \S+$/, ''))).toEqual(open);
});

test.each([
  { what: 'not given', given: composed('["/scripts/start.sh"]') },
  {
    what: 'in the image, as no mount leads there',
    given: { ...composed('["/scripts/start.sh"]', ''), 'scripts/start.sh': script('etcd') },
  },
  { what: 'in a ConfigMap that was not given', given: inPod('["/scripts/start.sh"]') },
  {
    what: 'in a ConfigMap that was not given, and another file has its name',
    given: { ...inPod('["/scripts/start.sh"]'), 'other/start.sh': 'echo hello\n' },
  },
])('a script that is $what is named', async ({ given }) => {
  const { status, open: named } = await judged(given);

  expect(status).toBe('incomplete');
  expect(named).toEqual([
    expect.stringMatching(
      /^\d+ starts `start\.sh`, which was not given, so that the settings of etcd in it are not known$/,
    ),
  ]);
});

test('a script in a ConfigMap is followed', async () => {
  const given = withShell(inPod('["/scripts/start.sh"]'));
  const good = { ...given, 'scripts.yaml': configMap(script('10.0.0.1')) };
  const bad = { ...given, 'scripts.yaml': configMap(script('10.0.0.1', noAuthentication)) };

  expect(await judged(good)).toEqual({ status: 'pass', found: [], open: [] });
  expect((await judged(bad)).found).toEqual([
    'client-port-admits-anonymous https://10.0.0.1:2379 17',
  ]);
});

test('a configuration file outside every mount does not exist for etcd', async () => {
  const given = composed('["etcd", "--config-file=/etc/etcd/etcd.conf.yml"]', '');

  const { found } = await judged({ ...given, 'etcd.conf.yml': 'name: etcd-0\n' });

  expect(found).toEqual([
    expect.stringMatching(/^file-hidden-from-process .* \/etc\/etcd\/etcd\.conf\.yml 3$/),
  ]);
});
