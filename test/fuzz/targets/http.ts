import { isOfEtcd, originOf } from '../../../src/collect/probes/etcd-answer.ts';
import {
  readCommandLine,
  readHealth,
  readPeerMembers,
  readVersions,
} from '../../../src/collect/probes/page-json.ts';
import { readMetrics } from '../../../src/collect/probes/page-metrics.ts';
import { createHttpAnswerReader } from '../../../src/collect/wire/http-answer.ts';
import { isViolation } from '../violation.ts';
import { endpoint } from '../../collect/support/start-etcd.ts';
import { inReads, withAccidents } from '../accidents.ts';
import { type FuzzTarget, tried } from '../target.ts';

const pages: readonly string[] = [
  '{"etcdserver":"3.5.21","etcdcluster":"3.5.0"}',
  '{"health":"true","reason":""}',
  '{"cmdline":["etcd","--name","node1","--initial-cluster-token=x"],"memstats":{}}',
  '[{"id":10501334649042878790,"peerURLs":["https://10.0.0.1:2380"],"name":"m1","clientURLs":["https://10.0.0.1:2379"]}]',
  'go_info{version="go1.23.8"} 1\nprocess_start_time_seconds 1.76e+09\netcd_server_id{server_id="8e9e05c52164694d"} 1\n' +
    'etcd_server_has_leader 1\netcd_network_active_peers{Local="a",Remote="b"} 1\n',
  '404 page not found\n',
];

const heads: readonly ((body: string) => string)[] = [
  (body) =>
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  (body) =>
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)};a=b\r\n${body}\r\n0\r\nX: y\r\n\r\n`,
  (body) => `HTTP/1.0 404 Not Found\r\nServer: nginx\r\nVia: 1.1 x\r\n\r\n${body}`,
  () => 'HTTP/1.1 204 No Content\r\n\r\n',
];

const signs = [
  '\r\n',
  '\r\n\r\n',
  '\r',
  '0\r\n\r\n',
  ': ',
  'Content-Length: 5\r\n',
  'content-length: 99999999999999999\r\n',
  'Transfer-Encoding: chunked\r\n',
  'ffffffff\r\n',
  '-1',
  ';',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/2 ',
  '{',
  '"',
  '[[[[',
  '\u0000',
  '18446744073709551616',
  '1e400',
  'NaN',
  '\\u0000',
  '"__proto__":{"polluted":1},',
  'etcd_network_active_peers{',
];

/** HTTP answers in reads of every size: read or refused by a declared code; pages give bounded, harmless facts. */
export const http: FuzzTarget = {
  name: 'http',
  mostMilliseconds: 2000,
  inputs: 20000,
  prepare() {
    const asked = endpoint('https://127.0.0.1:2379', 'client');
    return Promise.resolve((random) => {
      const text = withAccidents(random.pick(heads)(random.pick(pages)), signs, random);
      const reader = createHttpAnswerReader();
      return tried(
        text,
        () => {
          const answers = inReads(Buffer.from(text), random).map((read) => reader.push(read));
          const answer = answers.find((one) => one !== undefined) ?? reader.end();
          if (answer === undefined) return;
          const body = answer.body.toString('utf8');
          isOfEtcd(asked, answer);
          const { via = '', otherAnswer = '' } = originOf(asked, answer);
          if (/\p{Cc}/u.test(via + otherAnswer)) throw new Error('a control character in a sample');
          const facts = [
            readVersions(body),
            readHealth(body),
            readCommandLine(body),
            readMetrics(body),
          ];
          const length = JSON.stringify([facts, membersIn(body)]).length;
          // Text of one character may be six in JSON.
          if (length > 6 * text.length + 1000) throw new Error('facts longer than the answer');
          if (Object.hasOwn(Object.prototype, 'polluted'))
            throw new Error('a key became a prototype');
        },
        isViolation,
      );
    });
  },
};

function membersIn(body: string): unknown {
  return readPeerMembers(body) ?? [];
}
