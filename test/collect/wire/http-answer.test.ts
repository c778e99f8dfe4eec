import { expect, test } from 'vitest';
import { createHttpAnswerReader } from '../../../src/collect/wire/http-answer.ts';

test.each([
  {
    name: 'with a length',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nDate: today\r\n\r\nbody',
    answer: { status: 200, body: 'body', keepsAlive: true },
  },
  {
    name: 'in chunks',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2;x=y\r\ndy\r\n0\r\n\r\n',
    answer: { status: 200, body: 'body', keepsAlive: true },
  },
  {
    name: 'in chunks with trailers',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX: y\r\n\r\n',
    answer: { status: 200, body: 'body', keepsAlive: true },
  },
  {
    name: 'without content',
    text: 'HTTP/1.1 204 No Content\r\n\r\n',
    answer: { status: 204, body: '', keepsAlive: true },
  },
  {
    name: 'that closes',
    text: 'HTTP/1.1 404 Not Found\r\nConnection: Close\r\ncontent-length: 0\r\n\r\n',
    answer: { status: 404, body: '', keepsAlive: false },
  },
  {
    name: 'of HTTP/1.0',
    text: 'HTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n',
    answer: { status: 400, body: '', keepsAlive: false },
  },
])('an answer $name is read, however it is cut', ({ text, answer }) => {
  for (const size of [1, 7, text.length]) {
    const reader = createHttpAnswerReader();
    const cuts = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
      reader.push(Buffer.from(text.slice(index * size, (index + 1) * size))),
    );
    const read = cuts.find((one) => one !== undefined);

    expect({ ...read, body: read?.body.toString() }).toMatchObject(answer);
  }
});

test('an answer without a length ends with the connection', () => {
  const reader = createHttpAnswerReader();

  expect(reader.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\nall of'))).toBeUndefined();
  expect(reader.push(Buffer.from(' it'))).toBeUndefined();
  expect(reader.end()?.body.toString()).toBe('all of it');
});

test('an answer that breaks off is none', () => {
  const reader = createHttpAnswerReader();
  reader.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));

  expect(reader.end()).toBeUndefined();
});

test.each([
  ['NOT_HTTP', 'SSH-2.0'],
  ['NOT_HTTP', 'HTTP/2 200 OK\r\n\r\n'],
  ['NOT_HTTP', 'HTTP/1.1 2000 OK\r\n\r\n'],
  ['NOT_HTTP', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
  ['NOT_HTTP', 'HTTP/1.1 200 OK\r\nContent-Length: 1e9\r\n\r\n'],
  ['NOT_HTTP', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ['NOT_HTTP', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbody\r\n'],
  [
    'HEADERS_TOO_LONG',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'A: b\r\n'.repeat(40)}`,
  ],
  ['HEADERS_TOO_LONG', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(40)}`],
  ['BODY_TOO_LONG', 'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n'],
  ['BODY_TOO_LONG', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(600)}`],
  [
    'BODY_TOO_LONG',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n${'x'.repeat(600)}`,
  ],
])('%s: %j', (code, text) => {
  const reader = createHttpAnswerReader({ headBytes: 128, bodyBytes: 512 });

  expect(() => reader.push(Buffer.from(text))).toThrow(code);
});

test('two million bytes in chunks of one are read in one go', () => {
  const reader = createHttpAnswerReader();
  const chunks = '1\r\nx\r\n'.repeat(300_000);
  reader.push(Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'));

  for (let offset = 0; offset < chunks.length; offset += 100) {
    reader.push(Buffer.from(chunks.slice(offset, offset + 100)));
  }

  expect(reader.push(Buffer.from('0\r\n\r\n'))?.body).toHaveLength(300_000);
});
