import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { type Changes, farAhead, longAgo, withFault } from '../../testcluster/faults/fault.ts';
import { nodesOf } from '../../testcluster/nodes.ts';
import { deployedDirectory } from '../../testcluster/plan.ts';
import { certificateOf, noFile } from '../../testcluster/recipe.ts';
import { trialPlan } from '../../testcluster/truth/trial.ts';
import { certificatesIn, writePlan } from '../../testcluster/write-plan.ts';
import { directoryWith } from '../support/directory.ts';

const ca = { commonName: 'etcd cluster CA' };

/** The server sends a certificate by which the old CA vouches for the new one, and which is out of date. */
function crossSigned(trusted: readonly string[], dates = longAgo): Changes {
  return {
    authorities: {
      ca,
      successor: { commonName: 'etcd new CA' },
      cross: { commonName: 'etcd new CA', withKeyOf: 'successor', signedBy: 'ca', ...dates },
    },
    leaves: { node_1: { signedBy: 'successor', followedBy: ['cross'] } },
    files: {
      'cross_cert.pem': noFile,
      'successor_cert.pem': noFile,
      'ca_cert.pem': certificateOf(...trusted),
    },
  };
}

test.each([
  {
    what: 'the new CA is trusted',
    trusted: ['ca', 'successor'],
    expected: ['low stale-authority'],
  },
  { what: 'the old CA alone is trusted', trusted: ['ca'], expected: ['high certificate-expired'] },
])('an expired cross-certificate where $what', async ({ trusted, expected }) => {
  expect(await findings(crossSigned(trusted))).toEqual(expected);
});

test.each([
  {
    what: 'the new CA is trusted',
    trusted: ['ca', 'successor'],
    expected: ['medium authority-expires-before-leaf'],
  },
  {
    what: 'the old CA alone is trusted',
    trusted: ['ca'],
    expected: ['high certificate-not-yet-valid'],
  },
])('a cross-certificate for later where $what', async ({ trusted, expected }) => {
  expect(await findings(crossSigned(trusted, farAhead))).toEqual(expected);
});

test.each([
  { what: 'next to the present one', trusted: ['ca', 'next'], expected: [] },
  { what: 'alone', trusted: ['next'], expected: ['high certificate-not-yet-valid'] },
])('the CA of next year $what', async ({ trusted, expected }) => {
  const next = { ...ca, withKeyOf: 'ca', ...farAhead };
  const files = { 'next_cert.pem': noFile, 'ca_cert.pem': certificateOf(...trusted) };

  expect(await findings({ authorities: { ca, next }, files })).toEqual(expected);
});

test.each([
  { what: 'alone', trusted: ['old'], expected: ['high certificate-expired'] },
  { what: 'next to its successor', trusted: ['old', 'ca'], expected: ['low stale-authority'] },
])('an expired CA $what in a file, and its successor in another', async ({ trusted, expected }) => {
  const old = { ...ca, withKeyOf: 'ca', ...longAgo };
  const files = { 'old_cert.pem': noFile, 'client_ca.pem': certificateOf(...trusted) };
  const environment = { ETCD_TRUSTED_CA_FILE: `${deployedDirectory}/client_ca.pem` };

  expect(await findings({ authorities: { ca, old }, files, environment })).toEqual(expected);
});

/** Of a set with one member, but for what is said of the release. */
async function findings(changes: Changes): Promise<readonly string[]> {
  await using directory = await directoryWith({});
  const fault = { name: 'out-of-date', what: 'a CA is out of date', changes };
  const plan = withFault(trialPlan(nodesOf('netns'), fault), fault);
  await writePlan(plan, directory.path);
  const { results } = await audit({
    paths: [directory.path],
    maps: [{ prefix: deployedDirectory, directory: certificatesIn(directory.path) }],
    etcdVersion: '3.6.16',
  });
  return results
    .filter(({ verdict }) => verdict.status === 'fail')
    .map(({ severity, check }) => `${severity ?? check.severity} ${check.id}`)
    .filter((finding) => !finding.endsWith('known-advisory'));
}
