import { tell } from './standard-error.ts';

/** How long an input may give nothing before the operator is told, in milliseconds. */
const patience = 2000;

/** What an input gives. Opening a pipe waits for its writer, for ever where there is none. */
export async function* chunksOf<Chunk>(
  name: string,
  input: AsyncIterable<Chunk>,
): AsyncGenerator<Chunk> {
  const waiting = setTimeout(() => {
    tell(`etcd-tls-audit: waiting for ${name}, which gives nothing yet`);
  }, patience);
  try {
    for await (const chunk of input) {
      clearTimeout(waiting);
      yield chunk;
    }
  } finally {
    clearTimeout(waiting);
  }
}
