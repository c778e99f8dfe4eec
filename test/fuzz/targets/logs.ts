import { logExplainer } from '../../../src/diagnoses/explain-log.ts';
import { publicText } from '../../../src/model/public-text.ts';
import { incidentJson, incidentText } from '../../../src/report/explanation.ts';
import { plainPaint } from '../../../src/report/style.ts';
import { logs as samples } from '../../docs/logs.ts';
import { withAccidents } from '../accidents.ts';
import { checkText } from '../check-report.ts';
import { secretPieces, wholeSecrets } from '../secrets.ts';
import { type FuzzTarget, tried } from '../target.ts';

const others = [
  '2026-11-24 01:42:03.1 I | embed: rejected connection from "10.0.0.9:50312" (error "EOF", ServerName "etcd.lan")',
  'Error: context deadline exceeded',
  'curl: (56) OpenSSL SSL_read: error:14094412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate, errno 0',
  'W1124 01:42:03.000000 1 clientconn.go:1331] [core] grpc: addrConn.createTransport failed to connect to {10.0.0.1:2379}. Err: connection error: desc = "transport: authentication handshake failed: x509: certificate signed by unknown authority"',
  'x509: certificate is valid for 10.0.0.1, node1, not 10.0.0.2',
  'tls: private key does not match public key',
];

const signs = [
  '\n',
  '"',
  '\\"',
  '\\n',
  '{',
  '}',
  '":"',
  'remote error: tls: ',
  'x509: ',
  'error="',
  'level=warn ',
  '[',
  ']:2380',
  '0.0.0.0:2379',
  '::1',
  'alert number 42',
  'not ',
  'because ',
  ' (',
  'EOF',
  '999999999999999999999',
  'T99:99:99Z',
  ...secretPieces,
  '\u001b[2J',
  'etcdctl --endpoints http://',
];

/** Lines of logs with accidents: explained together; both outputs harmless, no secret in them. */
export const logs: FuzzTarget = {
  name: 'logs',
  mostMilliseconds: 2000,
  inputs: 1000,
  prepare() {
    const lines = [...Object.values(samples).flatMap((text) => text.split('\n')), ...others];
    return Promise.resolve((random) => {
      const picked = Array.from({ length: 1 + random.below(12) }, () => random.pick(lines));
      const text = withAccidents(picked.join('\n'), signs, random);
      return tried(text, () => {
        const explainer = logExplainer();
        for (const line of text.split(/\r?\n/)) explainer.add(publicText(line));
        const incident = explainer.incident();
        const json = incidentJson(incident);
        JSON.parse(json);
        const page = { width: random.pick([40, 80, 120]), paint: plainPaint };
        for (const [format, output] of Object.entries({
          json,
          text: incidentText(incident, page),
        })) {
          checkText(format, output, wholeSecrets(text));
        }
      });
    });
  },
};
