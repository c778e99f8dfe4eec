import { createHash } from 'node:crypto';
import { askGo } from '../../oracle/ask-go.ts';
import type { OracleCase } from '../../oracle/oracle-case.ts';
import { hostNameOf, type LimboCase, usageOf, type Verdicts } from './compare.ts';

/** What a release of Go, such as `1.16.15`, says of each case, and of each certificate in them. */
export async function verdictsOf(
  release: string,
  cases: readonly LimboCase[],
  now: string,
): Promise<Verdicts> {
  const certificates = new Map<string, Uint8Array>();
  const der = (pem: string): Uint8Array => {
    const bytes = Buffer.from(pem.replaceAll(/-----[^\n]*|\s/g, ''), 'base64');
    certificates.set(createHash('sha256').update(bytes).digest('hex'), bytes);
    return bytes;
  };
  const chains = cases.map((each): OracleCase => ({
    id: each.id,
    op: 'verify',
    leaf: der(each.leaf),
    roots: each.roots.map(der),
    intermediates: each.intermediates.map(der),
    host: hostNameOf(each) ?? '',
    usage: usageOf(each),
    at: each.at ?? now,
  }));
  const alone = [...certificates].map(([id, bytes]): OracleCase => ({ id, op: 'parse', bytes }));
  const answers = await askGo(release, [...chains, ...alone]);
  const said = [...chains, ...alone].map(({ id }, index) => [id, answers[index] ?? ''] as const);
  return {
    go: `go${release}`,
    cases: new Map(
      said
        .slice(0, chains.length)
        .map(([id, error]) => [id, { result: error === '' ? 'SUCCESS' : 'FAILURE', error }]),
    ),
    parse: new Map(said.slice(chains.length).filter(([, error]) => error !== '')),
  };
}
