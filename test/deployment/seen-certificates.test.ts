import { expect, test } from 'vitest';
import { certificateList } from '../../src/deployment/seen-certificates.ts';
import { certificateSet, endpoint, observation } from '../fixtures/builders.ts';

const now = new Date('2026-01-01');

function filesOf(name: string, hosts: readonly string[]): readonly string[] {
  const { files } = certificateSet();
  const [own] = files.filter(({ path }) => path === `${name}.pem`).flatMap(({ blocks }) => blocks);
  const chain = own?.kind === 'certificate' ? [own.certificate] : [];
  const endpoints = hosts.map((host) => {
    const seen = observation({ of: endpoint({ host }) });
    return seen.flight === undefined ? seen : { ...seen, flight: { ...seen.flight, chain } };
  });
  const listed = certificateList({ files, endpoints }, now);
  return listed.find(({ files: places }) => places.includes(`${name}.pem`))?.files ?? [];
}

test('a certificate of the files that is served names the endpoints as well', () => {
  expect(filesOf('node1', ['10.0.0.1'])).toEqual(['node1.pem', 'served by https://10.0.0.1:2379']);
  expect(filesOf('node1', [])).toEqual(['node1.pem']);
});

test('every endpoint that serves a certificate is named, or counted', () => {
  const hosts = Array.from({ length: 12 }, (_, index) => `10.0.0.${index + 1}`);

  expect(filesOf('node1', hosts.slice(0, 2))).toContain(
    'served by https://10.0.0.1:2379 and https://10.0.0.2:2379',
  );
  expect(filesOf('node1', hosts).at(-1)).toMatch(/^served by .*10\.0\.0\.7:2379 and 5 others$/);
});
