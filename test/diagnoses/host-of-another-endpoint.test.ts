import { expect, test } from 'vitest';
import { explain } from '../../src/diagnoses/explain.ts';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';
import { textWith } from '../support/matching.ts';

/** As gRPC writes it, with the address to which it connected; 1.13 to 1.29 with the scheme where the endpoint has one. */
const failed = (address: string, names: string, wanted: string): string =>
  `W1111 19:32:12.443121    3194 clientconn.go:1120] grpc: addrConn.createTransport failed to connect to {${address} 0  <nil>}. Err :connection error: desc = "transport: authentication handshake failed: x509: certificate is valid for ${names}, not ${wanted}". Reconnecting...`;

/** Of clientv3 3.3.10 to 3.3.15, which names the first of its endpoints, whichever failed. */
const retried = (first: string, names: string, wanted: string): string =>
  `{"level":"warn","ts":"2019-08-22T21:37:36.613Z","caller":"clientv3/retry_interceptor.go:61","msg":"retrying of unary invoker failed","target":"endpoint://client-3fc8c37e/${first}","attempt":0,"error":"rpc error: code = DeadlineExceeded desc = latest connection error: connection error: desc = \\"transport: authentication handshake failed: x509: certificate is valid for ${names}, not ${wanted}\\""}`;

test.each([
  ['an address', '127.0.0.12:33790', '127.0.0.12', '127.0.0.11'],
  ['an address with its scheme', 'https://10.0.0.2:2379', '127.0.0.1, 10.0.0.2', '10.0.0.1'],
  ['a name', 'https://etcd-2.example:2379', 'localhost, etcd-2.example', 'etcd-1.example'],
])('a certificate for %s that was connected to, and not for another, is right', (...row) => {
  const [, address, names, wanted] = row;

  expect(explain(failed(address, names, wanted))).toMatchObject({
    cause: 'CLIENT-LIB',
    confidence: 'certain',
    refusedBy: 'dialling',
    remedy: textWith('The certificate is right'),
    alternatives: [],
  });
});

test.each([
  ['for another host', '10.0.0.1:2379', '127.0.0.1, 10.0.0.2', '10.0.0.1'],
  ['for neither', '10.0.0.2:2379', '127.0.0.1, 10.0.0.3', '10.0.0.1'],
  ['for a name, at the address of that name', '10.0.0.2:2379', 'localhost, a.example', 'b.example'],
])('a certificate %s is not', (...row) => {
  const [, address, names, wanted] = row;

  expect(explain(failed(address, names, wanted))).toMatchObject({
    cause: 'SAN',
    remedy: textWith(wanted),
  });
});

test('a line without the address follows from those that have it, and decides by itself', () => {
  const line = retried('10.0.0.1:2379', '10.0.0.2', '10.0.0.1');

  expect(causesOf(line, failed('10.0.0.2:2379', '10.0.0.2', '10.0.0.1'))).toEqual(['CLIENT-LIB']);
  expect(causesOf(line, failed('10.0.0.2:2379', '10.0.0.2', '10.0.0.9'))).toContain('SAN');
  expect(causesOf(line)).toEqual(['SAN']);
});

function causesOf(...lines: readonly string[]) {
  const explainer = logExplainer();
  for (const line of lines) explainer.add(line);
  const { conclusion, also } = explainer.incident();
  return [conclusion, ...also].map((episode) => episode?.explanation.cause);
}
