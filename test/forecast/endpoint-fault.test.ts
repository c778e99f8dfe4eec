import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { severityOf } from '../../src/model/finding.ts';
import { isAtLeast } from '../../src/model/severity.ts';
import { threeMembers } from '../support/three-members.ts';

const missing = 'missing port in address';
const colons = 'too many colons in address';

/** What etcdctl 3.4.23, 3.5.30 and 3.6.16 print of these endpoints; they connect to the others. */
test.each([
  ['https://10.0.0.1', `dial tcp: address 10.0.0.1: ${missing}`],
  ['10.0.0.1', `dial tcp: address 10.0.0.1: ${missing}`],
  ['https://[fd00::1]', `dial tcp: address [fd00::1]: ${missing}`],
  ['dns:///10.0.0.1:2379', `dial tcp: address dns:///10.0.0.1:2379: ${colons}`],
  ['tcp://10.0.0.1:2379', `dial tcp: address tcp://10.0.0.1:2379: ${colons}`],
  ['https:///10.0.0.1:2379', 'dial tcp: missing address'],
  ['https://10.0.0.1:99999', 'dial tcp: address 99999: invalid port'],
  ['https://10.0.0.1:abc', `dial tcp: address https://10.0.0.1:abc: ${colons}`],
])('etcdctl makes no address of %s', async (endpoint, says) => {
  const { verdict, forecast } = await auditWith(endpoint);

  expect(verdict.status).toBe('fail');
  expect(forecast).toContainEqual(
    expect.objectContaining({
      edge: 'client',
      outcome: 'refused',
      refusedBy: 'never-dials',
      rule: 'endpoint.malformed',
      clientError: `transport: Error while dialing: ${says}`,
    }),
  );
});

test.each([
  'https://10.0.0.1:2379',
  'HTTPS://10.0.0.1:2379',
  'https://10.0.0.1:02379',
  'https://[::ffff:10.0.0.1]:2379',
  'https://10.0.0.1:2379/v3',
  'https://user@10.0.0.1:2379',
  '10.0.0.1:2379',
])('etcdctl connects to %s', async (endpoint) => {
  const { verdict, forecast } = await auditWith(endpoint);

  expect(verdict.status).toBe('pass');
  const outcomes = forecast.filter(({ edge }) => edge === 'client').map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['accepted']);
});

/** etcdctl 3.4.23 and 3.5.30 print "lookup localhost. on …: no such host" where the name server does not know it. */
test('a name of one label with a dot at its end is known to some name servers alone', async () => {
  const plain = await auditWith('https://localhost:2379');
  const rooted = await auditWith('https://localhost.:2379');
  const outcomesOf = ({ forecast }: typeof plain) =>
    new Set(forecast.filter(({ edge }) => edge === 'client').map(({ outcome }) => outcome));

  expect(plain.verdict.status).toBe('pass');
  expect(outcomesOf(plain)).toEqual(new Set(['accepted']));
  expect(rooted.verdict.status).toBe('incomplete');
  expect(rooted.verdict.sentence).toContain('a name server that leads localhost. to n1');
  expect(outcomesOf(rooted)).toEqual(new Set(['not-sure']));
});

test('an endpoint with a variable in it is not judged by what is written', async () => {
  const { forecast } = await auditWith('https://$ETCD_ADDRESS');

  expect(forecast.map(({ rule }) => rule)).not.toContain('endpoint.malformed');
});

test.each([
  ['bogus', 'client-endpoint-not-in-certificate'],
  ['https://10.9.9.9', 'client-endpoint-not-a-member'],
])(
  '%s lacks a port and leads to no member: one finding, whose fix does both',
  async (endpoint, id) => {
    const { results } = await auditWith(endpoint);
    const failed = results.filter(
      (result) => result.verdict.status === 'fail' && isAtLeast(severityOf(result), 'high'),
    );

    expect(failed.map(({ check }) => check.id)).toEqual([id]);
    expect(failed.flatMap(({ folded = [] }) => folded)).toHaveLength(1);
    const fixes = failed.map(({ verdict }) => (verdict.status === 'fail' ? verdict.fix : ''));
    expect(fixes.join('\n')).toContain('Write https://10.0.0.1:2379, or another client URL');
  },
);

async function auditWith(endpoint: string) {
  const lines = [
    `ETCDCTL_ENDPOINTS=${endpoint}`,
    'ETCDCTL_CACERT=/etc/etcd/ca.pem',
    'ETCDCTL_CERT=/etc/etcd/client.pem',
    'ETCDCTL_KEY=/etc/etcd/client-key.pem',
    '',
  ];
  await using set = await threeMembers({}, { 'etcdctl.env': lines.join('\n') });
  return await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.30' });
}

/** etcdctl 3.5.30: "dial unix /run/etcd.sock: connect: no such file or directory", where there is none. */
test('what listens at a socket is not known', async () => {
  const { verdict, forecast } = await auditWith('unix:///run/etcd.sock');

  expect(verdict.status).toBe('incomplete');
  expect(verdict.sentence).toContain('what listens at unix:///run/etcd.sock');
  expect(forecast.filter(({ edge }) => edge === 'client')).toMatchObject([
    { outcome: 'not-sure', rule: 'endpoint.no-member' },
  ]);
});
