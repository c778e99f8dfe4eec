import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { severityOf } from '../../src/model/finding.ts';
import { isAtLeast } from '../../src/model/severity.ts';
import type { Changes } from '../../testcluster/faults/fault.ts';
import { nodesOf } from '../../testcluster/nodes.ts';
import { deployedDirectory } from '../../testcluster/plan.ts';
import { noFile } from '../../testcluster/recipe.ts';
import { trialPlan } from '../../testcluster/truth/trial.ts';
import { certificatesIn, writePlan } from '../../testcluster/write-plan.ts';
import { directoryWith } from '../support/directory.ts';

const constrained = {
  authorities: {
    ca: {
      commonName: 'etcd cluster CA',
      nameConstraints: { permitted: { dnsNames: ['example.com'] } },
    },
  },
} satisfies Changes;

const critical = {
  leaves: { node_1: { extraExtensions: [{ oid: '1.2.3.4', critical: true }] } },
} satisfies Changes;

const withoutGateway = { environment: { ETCD_ENABLE_GRPC_GATEWAY: 'false' } };

const unreadable = '-----BEGIN CERTIFICATE-----\nAgEB\n-----END CERTIFICATE-----\n';

/** etcd 3.5.30 starts with all of these, and etcdctl connects to the first alone. */
test.each<{ what: string; changes: Changes; status: string; found?: readonly string[] }>([
  { what: 'a sound certificate', changes: {}, status: 'pass' },
  {
    what: 'names that the CA may not sign',
    changes: constrained,
    status: 'fail',
    found: ['name-constraint-violated'],
  },
  {
    what: 'a critical extension',
    changes: critical,
    status: 'fail',
    found: ['unhandled-critical-extension'],
  },
  {
    what: 'names that the CA may not sign, where the member does not connect to itself',
    changes: { ...constrained, ...withoutGateway },
    status: 'incomplete',
  },
  {
    what: 'a certificate after it that cannot be read',
    changes: {
      files: { 'node_1_cert.pem': (made) => made.leaf('node_1').certificatePem + unreadable },
    },
    status: 'incomplete',
  },
])('a server certificate with $what, and no client given: $status', async (row) => {
  const { changes, status, found = [] } = row;
  await using directory = await directoryWith({});
  const files = { ...changes.files, 'client_cert.pem': noFile, 'client_key_insecure.pem': noFile };
  const fault = { name: 'served', what: 'no client is given', changes: { ...changes, files } };
  await writePlan(trialPlan(nodesOf('netns'), fault), directory.path);
  await rm(directory.at('etcd-env.sh'));

  const { verdict, results } = await audit({
    paths: [directory.path],
    maps: [{ prefix: deployedDirectory, directory: certificatesIn(directory.path) }],
    etcdVersion: '3.5.30',
    goVersion: '1.26.4',
  });

  const high = results.filter(
    (result) => result.verdict.status === 'fail' && isAtLeast(severityOf(result), 'high'),
  );
  expect(high.map(({ check }) => check.id)).toEqual(found);
  expect(verdict.status).toBe(status);
});
