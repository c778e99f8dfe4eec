import { expect, test } from 'vitest';
import { forecast } from '../../src/forecast/forecast.ts';
import { quorumLoss } from '../../src/forecast/quorum-loss.ts';
import { issueAuthority } from '../support/pki.ts';
import { deploy, evidenceOf, lifetime } from './deployment.ts';

function until(date: string, from = '2026-01-01') {
  return {
    peerLeaf: { validFrom: new Date(`${from}T00:00:00Z`), validTo: new Date(`${date}T00:00:00Z`) },
  };
}

test('a certificate that becomes valid later does not hide the time without a quorum before it', async () => {
  const harmless = await issueAuthority({
    commonName: 'unused',
    ...lifetime,
    validTo: new Date('2026-10-01T00:00:00Z'),
  });
  const { files, ...deployment } = await deploy({
    node1: until('2026-07-01'),
    node2: until('2028-01-01'),
    node3: until('2029-01-01', '2026-09-01'),
  });
  const trusted = `${String(files['pki/peer-ca.crt'])}${harmless.certificatePem}`;

  const evidence = evidenceOf({ ...deployment, files: { ...files, 'pki/peer-ca.crt': trusted } });

  expect(quorumLoss(evidence, forecast(evidence))).toEqual({
    at: '2026-07-01T00:00:00.000Z',
    expired: ['CN=node1'],
  });
});
