import { expect, test } from 'vitest';
import { explain } from '../../src/diagnoses/explain.ts';
import { textWith } from '../support/matching.ts';

const dialled = (names: string, wanted: string): string =>
  `{"level":"warn","ts":"2026-11-30T06:26:54.027279Z","caller":"rafthttp/peer_status.go:66","msg":"peer became inactive (message send to peer failed)","peer-id":"38b802cdd2118f1f","error":"failed to dial 38b802cdd2118f1f on stream Message (tls: failed to verify certificate: x509: certificate is valid for ${names}, not ${wanted})"}`;

const accepted = (source: string, names: string): string =>
  `2020-11-24 10:27:06.592275 I | embed: rejected connection from "${source}:52410" (error "tls: \\"${source}\\" does not match any of DNSNames [\\"host1\\"]", ServerName "", IPAddresses [${names}], DNSNames ["host1"])`;

test.each([
  ['to which a port forward leads', dialled('10.1.2.39, 37.5.9.238, 127.0.0.1', '10.1.2.45')],
  ['that connects', accepted('10.1.2.45', '"10.1.2.39" "127.0.0.1"')],
])('a certificate of a neighbour is not to be reissued first: of a member %s', (_what, line) => {
  expect(explain(line)).toMatchObject({
    cause: textWith('SAN'),
    remedy: textWith('Is 10.1.2.39 another member?'),
    alternatives: [{ cause: 'SAN-COPY' }],
  });
});

test.each([
  ['no address of the network', dialled('37.5.9.238, 127.0.0.1', '10.1.2.45'), 'Reissue'],
  ['several of them', dialled('10.1.2.39, 10.1.2.40', '10.1.2.45'), 'Reissue'],
  ['names', dialled('localhost, a.example', 'b.example'), 'Reissue'],
  ['a far address', accepted('10.1.2.45', '"10.9.9.9"'), 'Add IP:10.1.2.45'],
])('a certificate with %s says nothing of another member', (_what, line, remedy) => {
  expect(explain(line)).toMatchObject({ remedy: textWith(remedy), alternatives: [] });
});
