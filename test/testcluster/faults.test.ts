import { expect, test } from 'vitest';
import { faults, firstTen, withFault } from '../../testcluster/faults/index.ts';
import { sample } from '../../testcluster/faults/sample.ts';
import { nodesOf } from '../../testcluster/nodes.ts';
import { planOf } from '../../testcluster/plan.ts';
import { make } from '../../testcluster/recipe.ts';

const sound = planOf({
  runtime: 'netns',
  settings: 'fixed',
  keys: 'ecdsa',
  nodes: nodesOf('netns'),
});

test('every fault has a name of its own', () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
});

test('there are enough faults to judge forecasts by', () => {
  expect(faults.length).toBeGreaterThanOrEqual(350);
});

test('the sample that stands for all is made of faults that exist', () => {
  const names = faults.map(({ name }) => name);

  expect(sample.filter((name) => !names.includes(name))).toEqual([]);
  expect(new Set(sample).size).toBe(sample.length);
});

test('each of the first ten says what has to be found, and where', () => {
  expect(firstTen).toHaveLength(10);
  expect(firstTen.every(({ finding }) => finding !== undefined)).toBe(true);
});

test.each(faults)('$name can be made, and has every file that its settings name', async (fault) => {
  const plan = withFault(sound, fault);
  const files = Object.keys(await make(plan.recipe));
  const first = plan.members[0];
  const settings = [
    ...Object.values(first?.environment ?? {}),
    ...(first?.flags ?? []),
    first?.configFile,
  ].join('\n');
  const named = [...settings.matchAll(/\/etc\/ssl\/certs\/etcd\/([\w.]+)/g)].map(
    ([, file]) => file,
  );
  // The directory of the certificates is there, by whatever name.
  const absent = named.filter((file = '.') => !/^\.+$/.test(file) && !files.includes(file));

  expect(absent.filter((file) => file !== 'nothing.pem')).toEqual(
    fault.name === 'crl-missing' ? ['revoked.crl'] : [],
  );
});

test('a fault changes the first member alone, unless it says otherwise', () => {
  const fault = { name: 'x', what: 'x', changes: { environment: { ETCD_AUTO_TLS: 'true' } } };
  const changed = withFault(sound, fault).members.map(
    ({ environment }) => environment['ETCD_AUTO_TLS'],
  );

  expect(changed).toEqual(['true', undefined, undefined]);
});

test('a configuration file takes the place of the variables', () => {
  const fault = { name: 'x', what: 'x', changes: { configFile: () => 'name: node1' } };
  const [first, second] = withFault(sound, fault).members;

  expect(first).toMatchObject({ configFile: 'name: node1', environment: {} });
  expect(second?.environment).toHaveProperty('ETCD_NAME', 'node2');
});
