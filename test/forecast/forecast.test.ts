import { beforeAll, describe, expect, test } from 'vitest';
import type { Edge } from '../../src/model/forecast.ts';
import { deploy, outcomeOf } from './deployment.ts';
import { edgesOf, refusals } from './edges-of.ts';

describe('a sound cluster', () => {
  let edges: readonly Edge[];
  beforeAll(async () => {
    edges = edgesOf(await deploy());
  });

  test('has every handshake accepted that ought to be', () => {
    expect(refusals(edges)).toEqual([]);
    expect(edges.filter(({ edge }) => edge === 'client')).toHaveLength(1);
    expect(edges.filter(({ edge }) => edge === 'peer')).toHaveLength(6);
    expect(edges.filter(({ edge }) => edge === 'self')).toHaveLength(3);
    expect(edges.find(({ edge }) => edge === 'self')?.target.name).toMatch(
      /^node1 to itself \(https:\/\/[\d.]+:2379\)$/,
    );
  });

  test('lets no intruder in, and shows what becomes of a certificate in the wrong role', () => {
    const intruders = edges.filter(({ edge, member }) => edge === 'intruder' && member === 'node1');

    expect(
      intruders.map(({ from, port, wanted, ...edge }) => ({
        from,
        port,
        wanted,
        ...outcomeOf({ from, port, wanted, ...edge }),
      })),
    ).toEqual([
      {
        from: 'nobody',
        port: 'client',
        wanted: 'refused',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'tls.no-client-certificate',
        clientError: 'remote error: tls: certificate required',
        serverError: "tls: client didn't provide a certificate",
      },
      {
        from: 'foreign',
        port: 'client',
        wanted: 'refused',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'x509.unknown-authority',
        clientError: 'remote error: tls: unknown certificate authority',
        serverError:
          'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      },
      {
        from: 'node1',
        port: 'client',
        wanted: 'either',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'x509.unknown-authority',
        clientError: 'remote error: tls: unknown certificate authority',
        serverError:
          'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      },
      {
        from: 'nobody',
        port: 'peer',
        wanted: 'refused',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'tls.no-client-certificate',
        clientError: 'remote error: tls: certificate required',
        serverError: "tls: client didn't provide a certificate",
      },
      {
        from: 'foreign',
        port: 'peer',
        wanted: 'refused',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'x509.unknown-authority',
        clientError: 'remote error: tls: unknown certificate authority',
        serverError:
          'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      },
      {
        from: 'etcdctl',
        port: 'peer',
        wanted: 'refused',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'x509.unknown-authority',
        clientError: 'remote error: tls: unknown certificate authority',
        serverError:
          'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      },
    ]);
  });

  test('names every edge once', () => {
    const names = edges.map(({ target }) => target.name);

    expect(new Set(names).size).toBe(names.length);
  });
});
