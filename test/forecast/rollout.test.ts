import { describe, expect, test } from 'vitest';
import { forecast } from '../../src/forecast/forecast.ts';
import { quorumLoss } from '../../src/forecast/quorum-loss.ts';
import { orderThatKeepsQuorum, rollout } from '../../src/forecast/rollout.ts';
import { rotation } from '../../src/forecast/rotation.ts';
import type { FileMatch } from '../../src/model/inventory.ts';
import type { Setting } from '../../src/model/settings.ts';
import { whatIfText } from '../../src/report/rollout.ts';
import { set } from '../support/facts.ts';
import { deploy, type Deployment, evidenceOf } from './deployment.ts';

const names = ['node1', 'node2', 'node3'];

/** Renewed leaves of one member by the CAs of another deployment. */
async function renewed(deployment: Deployment, usages: readonly ('serverAuth' | 'clientAuth')[]) {
  const files: Record<string, string | Uint8Array> = { ...deployment.files };
  for (const [index, name] of names.entries()) {
    const leaf = await deployment.peerCa.issue({
      commonName: name,
      hosts: [`10.0.0.${index + 1}`],
      usages,
      validFrom: new Date('2026-05-01T00:00:00Z'),
      validTo: new Date('2027-05-01T00:00:00Z'),
    });
    files[`pki/${name}-peer.crt`] = leaf.certificatePem;
    files[`pki/${name}-peer.key`] = leaf.privateKeyPem;
  }
  return { ...deployment, files };
}

describe('a rolling replacement', () => {
  test('of leaves by the same CA breaks nothing at any step', async () => {
    const old = await deploy();
    const next = await renewed(old, ['serverAuth', 'clientAuth']);
    const result = rollout(evidenceOf(old), evidenceOf(next));

    expect(result.steps.map(({ member, phase }) => `${member} ${phase}`)).toEqual([
      'node1 files-written',
      'node1 restarted',
      'node2 files-written',
      'node2 restarted',
      'node3 files-written',
      'node3 restarted',
      'undefined clients-replaced',
    ]);
    expect(result.steps.flatMap(({ broken }) => broken)).toEqual([]);
    expect(result.keepsQuorum).toBe(true);
  });

  test('of peer URLs leaves the old ones in force, which the cluster keeps', async () => {
    const urls = (scheme: string, name: string) =>
      set([`${scheme}://10.0.0.${names.indexOf(name) + 1}:2380`]);
    const at = (scheme: string) =>
      Object.fromEntries(
        names.map((name) => [
          name,
          {
            settings: {
              listenPeerUrls: urls(scheme, name),
              initialAdvertisePeerUrls: urls(scheme, name),
            },
          },
        ]),
      );
    const old = await deploy(at('http'));
    const { members } = await deploy(at('https'));
    const result = rollout(evidenceOf(old), evidenceOf({ ...old, members }));
    const after = (name: string) =>
      result.steps.find(({ member, phase }) => member === name && phase === 'restarted');

    expect(result.moved).toEqual(names);
    expect(after('node1')?.broken.map(({ from, to, rule }) => [from, to, rule])).toEqual([
      ['node2', 'http://10.0.0.1:2380', 'tls.plaintext-to-tls'],
      ['node3', 'http://10.0.0.1:2380', 'tls.plaintext-to-tls'],
    ]);
    expect(result.keepsQuorum).toBe(false);
    expect(whatIfText({ asked: result }, 80)).toContain('`etcdctl member update`');
    const same = rollout(evidenceOf(old), evidenceOf(old));
    expect(same).toMatchObject({ moved: [], keepsQuorum: true });
    expect(whatIfText({ asked: same }, 80)).not.toContain('member update');
  });

  test('of leaves that cannot dial loses quorum when the second member shows them', async () => {
    const old = await deploy();
    const next = await renewed(old, ['serverAuth']);
    const result = rollout(evidenceOf(old), evidenceOf(next));

    expect(result.keepsQuorum).toBe(false);
    expect(
      result.steps.map(({ member, phase, quorum, quorumWhileDown, broken }) =>
        [member, phase, broken.length, quorum, quorumWhileDown].join(' '),
      ),
    ).toEqual([
      // It dials nobody any more, but is dialled, and that is enough.
      'node1 files-written 2 kept ',
      'node1 restarted 2 kept kept',
      // The pair of node1 and node2 is severed now; node3 holds both.
      'node2 files-written 4 kept ',
      'node2 restarted 4 kept kept',
      'node3 files-written 6 lost ',
      'node3 restarted 6 lost lost',
      ' clients-replaced 6 lost ',
    ]);
    expect(result.broken).toHaveLength(6);
    expect(result.broken[0]?.blame?.file).toBe('pki/node1-peer.crt (new)');
  });

  test('of the CA in one go cuts off each member that has it', async () => {
    const [old, next] = [await deploy(), await deploy()];
    const { steps, broken, keepsQuorum } = rollout(evidenceOf(old), evidenceOf(next), [
      'node3',
      'node1',
      'node2',
    ]);

    expect(steps[0]?.member).toBe('node3');
    expect(steps[0]?.broken.some(({ rule }) => rule === 'x509.same-name-other-key')).toBe(true);
    expect(keepsQuorum).toBe(false);
    expect(broken).toEqual([]);
    expect(orderThatKeepsQuorum(evidenceOf(old), evidenceOf(next))).toBeUndefined();
  });

  test('of the CA in three phases breaks nothing', async () => {
    const [old, next] = [await deploy(), await deploy()];
    const phases = rotation(evidenceOf(old), evidenceOf(next));

    expect(
      phases.map(({ phase, rollout: { steps, keepsQuorum } }) => ({
        phase,
        keepsQuorum,
        broken: steps.flatMap((step) => step.broken.map(({ target }) => target.name)),
      })),
    ).toEqual([
      { phase: 'trust-both', keepsQuorum: true, broken: [] },
      { phase: 'new-leaves', keepsQuorum: true, broken: [] },
      { phase: 'drop-old', keepsQuorum: true, broken: [] },
    ]);
  });

  test('pairs CA files by who reads them, whatever they are called', async () => {
    const [old, next] = [await deploy(), await deploy()];
    const elsewhere = evidenceOf(movedTo('new/', next));
    const phases = rotation(evidenceOf(old), elsewhere);

    expect(
      phases.flatMap(({ rollout: { steps } }) => steps.flatMap(({ broken }) => broken)),
    ).toEqual([]);
    expect(rollout(evidenceOf(old), elsewhere).keepsQuorum).toBe(false);
  });

  test('changes a file for member and client of a host at once', async () => {
    const [old, next] = [await onHostOfNode1(), await onHostOfNode1()];
    const { steps } = rollout(evidenceOf(old), evidenceOf(movedTo('new/', next)));
    const byClient = steps.map(({ member, phase, broken }) => {
      const own = broken.filter(({ edge }) => edge === 'client');
      return [member, phase, ...own.map(({ member: to }) => to)].join(' ');
    });

    expect(byClient).toEqual([
      // New leaves on both sides are in force at once, but both have the old CA in memory.
      'node1 files-written node1',
      'node1 restarted',
      'node2 files-written',
      'node2 restarted',
      'node3 files-written',
      'node3 restarted',
      ' clients-replaced',
    ]);
  });

  test('of a leaf that some member already lost is ordered so that quorum holds', async () => {
    const expired = { peerLeaf: { validTo: new Date('2026-02-01T00:00:00Z') } };
    const old = await deploy({ node3: expired });
    const next = await renewed(old, ['serverAuth', 'clientAuth']);

    expect(rollout(evidenceOf(old), evidenceOf(next)).keepsQuorum).toBe(false);
    expect(orderThatKeepsQuorum(evidenceOf(old), evidenceOf(next))?.order[0]).toBe('node3');
  });
});

/** The same deployment with its files in another directory, which the settings do not name. */
function movedTo(directory: string, deployment: Deployment): Deployment {
  const { files, members, clients } = deployment;
  const moved = (path: string) => `${directory}${path}`;
  const matched = <Owner extends { readonly files: readonly FileMatch[] }>(
    owner: Owner,
    paths: readonly (Setting<string> | undefined)[],
  ): Owner => ({
    ...owner,
    files: paths.flatMap((path) =>
      path === undefined
        ? []
        : [{ deployed: path.value, file: moved(path.value), because: 'it was moved' }],
    ),
  });
  return {
    ...deployment,
    files: Object.fromEntries(
      Object.entries(files).map(([path, content]) => [moved(path), content]),
    ),
    members: members.map((member) => {
      const { client, peer } = member.settings;
      const paths = [client, peer].flatMap((tls) => [tls.certFile, tls.keyFile, tls.trustedCaFile]);
      return matched(member, paths);
    }),
    clients: clients.map((client) =>
      matched(client, [client.caFile, client.certFile, client.keyFile]),
    ),
  };
}

function shared(file: string): readonly FileMatch[] {
  return [{ deployed: 'pki/ca.crt', file, because: 'it is on that host' }];
}

/** A kube-apiserver that reads the CA file of node1, of which the other members have copies. */
async function onHostOfNode1(): Promise<Deployment> {
  const deployment = await deploy({}, { client: { kind: 'kube-apiserver' } });
  const { files, members, clients } = deployment;
  const ca = files['pki/ca.crt'] ?? '';
  return {
    ...deployment,
    files: { ...files, 'node1/ca.crt': ca, 'node2/ca.crt': ca, 'node3/ca.crt': ca },
    members: members.map((member) => ({ ...member, files: shared(`${member.name}/ca.crt`) })),
    clients: clients.map((client) => ({ ...client, files: shared('node1/ca.crt') })),
  };
}

function until(day: string) {
  return { peerLeaf: { validTo: new Date(`${day}T00:00:00Z`) } };
}

describe('the day on which quorum is lost', () => {
  test('comes when the second of three peer certificates has expired', async () => {
    const deployment = await deploy({
      node1: until('2026-08-01'),
      node2: until('2026-09-01'),
      node3: until('2026-10-01'),
    });

    const evidence = evidenceOf(deployment);

    expect(quorumLoss(evidence, forecast(evidence))).toEqual({
      at: '2026-09-01T00:00:00.000Z',
      expired: ['CN=node1', 'CN=node2'],
    });
  });

  test('is not to come where it is lost already', async () => {
    const past = until('2026-02-01');

    const evidence = evidenceOf(await deploy({ node1: past, node2: past }));

    expect(quorumLoss(evidence, forecast(evidence))).toBeUndefined();
  });
});
