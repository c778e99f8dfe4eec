import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { directoryWith } from '../../support/directory.ts';
import { compose, judged } from '../../support/containers.ts';

skipWithout('docker');

const service = (more: string) =>
  `version: "3.8"\nservices:\n  etcd:\n    image: quay.io/coreos/etcd:v3.5.16\n    command: etcd --name n1\n    ${more}\n`;

/** What docker-compose says of a file; undefined where it accepts the file. */
async function refusal(text: string): Promise<string | undefined> {
  await using set = await directoryWith({ 'compose.yml': text });
  const words = ['-f', set.at('compose.yml'), 'config', '-q'];
  const { status, stderr } = spawnSync('docker-compose', words, { encoding: 'utf8' });
  return status === 0 ? undefined : stderr;
}

async function doubtsOf(text: string): Promise<readonly string[]> {
  const { notUnderstood } = await readSettings([{ path: 'compose.yml', text }], nothingElse);
  return notUnderstood.map(({ reason }) => reason);
}

const nothingElse = { find: () => undefined };

describe('a service that docker-compose refuses', () => {
  test.each([
    ['volumes: ["nope:/data:ro"]', 'the volume nope'],
    ['volumes: [{type: volume, source: nope, target: /data}]', 'the volume nope'],
    ['depends_on: [nope]', 'the service nope'],
    ['links: ["nope:other"]', 'the service nope'],
    ['network_mode: service:nope', 'the service nope'],
    ['network_mode: host\n    networks: [default]', 'network_mode next to networks'],
  ])('for `%s` is not passed over', async (line, reason) => {
    const text = service(line);

    expect(await refusal(text)).toBeDefined();
    expect(await doubtsOf(text)).toEqual([expect.stringContaining(reason)]);
  });

  // docker-compose 1 refuses these when it starts the service, and Compose 2 whatever it does.
  test.each([
    ['secrets: [nope]', 'the secret nope'],
    ['secrets: [{source: nope, target: /pki/ca.crt}]', 'the secret nope'],
    ['configs: [{source: nope, target: /etc/etcd.yml}]', 'the config nope'],
    ['networks: [nope]', 'the network nope'],
    ['networks: {nope: {aliases: [e1]}}', 'the network nope'],
  ])('when it starts for `%s` is not passed over', async (line, reason) => {
    expect(await doubtsOf(service(line))).toEqual([expect.stringContaining(reason)]);
  });

  test('is to be defined', async () => {
    const given = [{ path: 'compose.yml', text: service('secrets: [nope]') }];
    const { notUnderstood } = await readSettings(given, nothingElse);

    expect(notUnderstood[0]?.give).toMatch(/^define nope under secrets, or /);
  });
});

describe('a service that docker-compose accepts', () => {
  test.each([
    'volumes: ["data:/data:ro", "./pki:/pki", "/srv:/srv", /scratch]\nvolumes: {data: {}}',
    'volumes: [{type: volume, source: data, target: /data}]\nvolumes: {data: }',
    'networks: [default, lan]\nnetworks: {lan: {}}',
    'secrets: [ca]\nsecrets: {ca: {file: ./ca.crt}}',
    'configs: [conf]\nconfigs: {conf: {file: ./etcd.yml}}',
    'depends_on: [other]\n  other: {image: busybox}',
    'network_mode: host',
  ])('with `%s` is read', async (line) => {
    const text = service(line);

    expect(await refusal(text)).toBeUndefined();
    expect(await doubtsOf(text)).toEqual([]);
  });
});

const watch = (target: string, more = '') =>
  compose(`    develop: {watch: [{action: sync, path: ./new, target: ${target}${more}}]}`);

describe('what `docker compose watch` copies', () => {
  test('over a certificate is not a pass', async () => {
    const { status } = await judged(watch('/pki'));

    expect(status).toBe('incomplete');
  });

  test('elsewhere changes nothing', async () => {
    expect(await judged(watch('/src'))).toEqual({ status: 'pass', found: [], open: [] });
  });

  test('and runs is not read', async () => {
    const { status, open } = await judged(watch('/src', ', exec: {command: reload}'));

    expect(status).toBe('incomplete');
    expect(open).toEqual([expect.stringContaining('what develop runs in the container')]);
  });
});
