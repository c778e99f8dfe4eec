import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { compose, judged, pod } from '../support/containers.ts';
import { directoryWith } from '../support/directory.ts';

const password = 'S3cretPw-Horse';
const url = 'https://127.0.0.1:2379/health';
const healthcheck = (command: string) =>
  compose(`    healthcheck: {test: ${JSON.stringify(['CMD', ...command.split(' ')])}}`);
const curl = (options: string) => healthcheck(`curl -f ${options}`);
const sound = '--cacert /pki/ca.crt --cert /pki/client.crt --key /pki/client.key';

const rejected = {
  status: 'fail',
  found: ['health-probe-rejected etcd-0 healthcheck 7'],
  open: [],
};
const passes = { status: 'pass', found: [], open: [] };
const open = (what: string) => ({
  status: 'incomplete',
  found: [],
  open: [`7 the healthcheck runs ${what}, so that its connections to etcd are not known`],
});

const shellCheck = (script: string) =>
  compose(`    healthcheck: {test: ${JSON.stringify(['CMD-SHELL', script])}}`);

describe('a health check whose failure is passed over', () => {
  test.each([
    ['|| exit 1', rejected],
    ['|| true', passes],
    ['; exit 0', passes],
    ['| grep -q true || false || true', passes],
    ['2>&1 | grep -q true', { status: 'incomplete', found: [], open: [] }],
  ])('%s', async (after, expected) => {
    expect(await judged(shellCheck(`curl -fk ${url} ${after}`))).toEqual(expected);
  });

  test('in a pod', async () => {
    const command = JSON.stringify(['sh', '-c', `curl -fk ${url} || true`]);

    expect(await judged(pod(`    livenessProbe: {exec: {command: ${command}}}`))).toEqual(passes);
  });
});

describe('passwords', () => {
  test.each([
    `curl -f --cacert /pki/ca.crt --cert /pki/client.crt:${password} --key /pki/client.key ${url}`,
    `curl -f --cacert /pki/ca.crt -E /pki/client.crt:${password} --key /pki/client.key ${url}`,
    `curl -f --cacert /pki/ca.crt -E/pki/client.crt:${password} --key /pki/client.key ${url}`,
    `curl -f ${sound} --pass ${password} ${url}`,
    `curl -f ${sound} -u root:${password} ${url}`,
    `curl -f ${sound} --proxy-cert /pki/client.crt:${password} ${url}`,
    `curl -f --cert=/pki/client.crt:${password} ${url}`,
    `curl -f --unknown${password} ${url}`,
    `wget -q --password=${password} http://127.0.0.1:2381/health`,
    `$$(echo ${password})`,
  ])('%s', async (command) => {
    const inShell = JSON.stringify(['CMD-SHELL', command]);
    await using set = await directoryWith(compose(`    healthcheck: {test: ${inShell}}`));
    const report = await audit({
      paths: [set.path],
      maps: [{ prefix: '/etc/pki', directory: set.at('pki') }],
    });

    expect(JSON.stringify(report)).not.toContain(password);
  });

  test.each([`/pki/client.crt:${password}`, '/pki/client.crt'])(
    'the file before the password is the certificate: %s',
    async (cert) => {
      const given = curl(`--cacert /pki/ca.crt --cert ${cert} --key /pki/client.key ${url}`);

      expect(await judged(given)).toEqual(passes);
    },
  );
});

describe('a URL without a scheme is one of HTTP', () => {
  test.each(['curl -f', 'curl -fsS -m 3 -o /dev/null --url', 'wget -qO-', 'wget -q -O /dev/null'])(
    '%s',
    async (command) => {
      expect(await judged(healthcheck(`${command} localhost:2379/health`))).toEqual(rejected);
      expect(await judged(healthcheck(`${command} localhost:2381/health`))).toEqual(passes);
    },
  );
});

describe('what is not followed is no part of a pass', () => {
  test.each([
    { command: 'curl -fsS -K /pki/health.conf', what: '`curl` with `-K`, which is not followed' },
    {
      command: `curl -f --config /x ${url}`,
      what: '`curl` with `--config`, which is not followed',
    },
    {
      command: `curl -f --capath /pki --cert /pki/client.crt --key /pki/client.key ${url}`,
      what: '`curl` with `--capath`, which is not followed',
    },
    { command: 'curl -fsS', what: '`curl` without a URL' },
    { command: `curl --no-such-option ${url}`, what: '`curl` with an option that is not known' },
    {
      command: 'wget -q -i /pki/urls',
      what: '`wget` with `-i`, which is not followed',
    },
  ])('$command', async ({ command, what }) => {
    expect(await judged(healthcheck(command))).toEqual(open(what));
  });
});

const files = (ca: string) =>
  `--ca-certificate=/pki/${ca} --certificate=/pki/client.crt --private-key=/pki/client.key`;

/** The same with an image whose wget is GNU's. */
const onDebian = (given: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(given).map(([name, text]) => [
      name,
      text.replace('quay.io/coreos/etcd:v3.5.30', 'example.org/etcd:v3.5.30-debian-12'),
    ]),
  );

describe('wget presents a certificate', () => {
  test('a sound one', async () => {
    const given = onDebian(healthcheck(`wget -qO- ${files('ca.crt')} ${url}`));

    expect(await judged(given)).toEqual(passes);
  });

  test('a wrong CA', async () => {
    const given = onDebian(healthcheck(`wget -qO- ${files('other.crt')} ${url}`));

    expect(await judged(given)).toEqual({
      status: 'fail',
      found: ['unknown-authority pki/other.crt 7'],
      open: [],
    });
  });

  test('none', async () => {
    const given = onDebian(
      pod(
        `    livenessProbe: {exec: {command: [wget, -qO-, --ca-certificate=/pki/ca.crt, "${url}"]}}`,
      ),
    );

    expect(await judged(given)).toMatchObject({
      status: 'fail',
      found: ['client-without-certificate etcd-liveness-probe 13'],
    });
  });
});

test.each(['http://127.0.0.1/health', '127.0.0.1', 'https://127.0.0.1/health', 'https://[::1]'])(
  'a URL without a port leads to port 80 or 443, where etcd does not listen: %s',
  async (at) => {
    expect(await judged(curl(`-k ${at}`))).toEqual(rejected);
  },
);

const withCertificate = (ca: string) =>
  `curl -sf --cacert /pki/${ca} --cert /pki/client.crt --key /pki/client.key ${url}`;

describe('an answer that is filtered', () => {
  const filters = [
    'jq -e \'.health == "true"\'',
    'grep -q true',
    'tee /tmp/health',
    'tee /tmp/health | grep -q true',
    'head -1',
    'head -n 1 | grep -q true',
  ];

  test.each(filters)('a client with a certificate: %s', async (filter) => {
    expect(await judged(shellCheck(`${withCertificate('ca.crt')} | ${filter}`))).toEqual(passes);
    expect((await judged(shellCheck(`${withCertificate('other.crt')} | ${filter}`))).found).toEqual(
      ['unknown-authority pki/other.crt 7'],
    );
  });

  test.each([
    ['grep -q true', rejected],
    ['tee /tmp/health | grep -q true', rejected],
    ['tee /tmp/health', passes],
    ['head -1', passes],
    // jq before 1.7 succeeds where there is nothing to read.
    ['jq -e .health', { status: 'incomplete', found: [], open: [] }],
    ['jq -e .health | grep -q true', rejected],
  ])('a client without one: %s', async (filter, expected) => {
    expect(await judged(shellCheck(`curl -sfk ${url} | ${filter}`))).toEqual(expected);
  });
});
