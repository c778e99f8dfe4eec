import { describe, expect, test } from 'vitest';
import { compose, files, flags, judged, pod } from '../support/containers.ts';

const etcd = flags('10.0.0.1').join(' ').replaceAll('/pki/', '/etc/pki/');
const unit = (more: string, scripts: Readonly<Record<string, string>> = {}) => ({
  ...files,
  ...scripts,
  'etcd.service': `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${etcd}\n${more}\n`,
});
const inUnit = (script: string) =>
  unit(`ExecStartPost=/bin/bash -c '${script.replaceAll('$', '$$$$')}'`);
const inFile = (script: string) =>
  unit('ExecStartPost=/opt/health.sh', { 'opt/health.sh': `#!/bin/bash\n${script}\n` });
const inContainer = (script: string) =>
  compose(
    `    healthcheck: {test: ${JSON.stringify(['CMD-SHELL', script.replaceAll('$', '$$$$')])}}`,
  );
const inPod = (script: string, name = 'livenessProbe') => {
  const handler = `{exec: {command: ${JSON.stringify(['bash', '-c', script])}}}`;
  return pod(
    name === 'postStart' ? `    lifecycle: {postStart: ${handler}}` : `    ${name}: ${handler}`,
  );
};

const open = { status: 'incomplete', found: [] };
const passes = { status: 'pass', found: [], open: [] };
const ask = 'curl -fk https://127.0.0.1:2379/health';
const answered = 'curl -f http://127.0.0.1:2381/health';

function nested(command: string, depth: number): string {
  return depth === 0 ? command : nested(`echo $(${command})`, depth - 1);
}

describe('a request in what is not followed', () => {
  test('is an open question that names the place and the reason', async () => {
    const reasons = ['commands within words are nested too deeply'];

    expect((await judged(inUnit(nested(ask, 14)))).open).toEqual(
      reasons.map((each) => `4 ${each}`),
    );
    expect((await judged(inFile(`true\n${nested(ask, 14)}`))).open).toEqual(
      reasons.map((each) => `3 ${each}`),
    );
  });

  test.each([
    nested(ask, 14),
    `( alias ask="${ask}" ); true`,
    `echo "${ask}" | sh`,
    `echo https://127.0.0.1:2379/health | xargs curl -fk`,
    `case x in x) true;& y) ${ask};; esac`,
    `python3 -c "import urllib.request as r; r.urlopen(\\"https://127.0.0.1:2379/health\\")"`,
    `$(cat /etc/request) https://127.0.0.1:2379/health`,
    `host=$(cat /etc/host):2379; curl -fk https://$host/health`,
    `: https://127.0.0.1:2379; curl -fk -K /etc/curl.conf`,
  ])('of a unit: %s', async (script) => {
    expect(await judged(inUnit(script))).toMatchObject(open);
    expect(await judged(inFile(script))).toMatchObject(open);
  });

  test.each([`sh <<EOF\n${ask}\nEOF`, `python3 <<EOF\nopen("https://127.0.0.1:2379/health")\nEOF`])(
    'of a unit, in a here-document: %s',
    async (script) => {
      expect(await judged(inFile(script))).toMatchObject(open);
    },
  );

  test('at another port of etcd', async () => {
    const given = inUnit(nested(ask, 14));
    const moved = Object.fromEntries(
      Object.entries(given).map(([name, text]) => [name, text.replaceAll('2379', '12379')]),
    );

    expect(await judged(moved)).toMatchObject(open);
  });

  test.each([nested(ask, 14), `( alias ask="${ask}" ); true`, `echo "${ask}" | sh`])(
    'of a container: %s',
    async (script) => {
      expect(await judged(inContainer(script))).toMatchObject(open);
      for (const name of ['livenessProbe', 'readinessProbe', 'postStart']) {
        expect(await judged(inPod(script, name))).toMatchObject(open);
      }
    },
  );
});

describe('what is followed, or has nothing to do with etcd, stays a pass', () => {
  test.each([
    nested(answered, 3),
    `sh -c "${answered}"`,
    'curl -fLO https://example.org/etcd.tar.gz | sh',
    'alias ll="ls -l"; ll /var/lib/etcd',
    'python3 -c "print(1)"',
    'cat <<< starting',
  ])('%s', async (script) => {
    expect(await judged(inUnit(script))).toEqual(passes);
  });
});
