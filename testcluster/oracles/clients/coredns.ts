import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goProgram } from '../go-program.ts';
import type { Answer, OracleClient, Visit } from '../oracle-client.ts';
import type { ClientAccess } from '../client-access.ts';
import { watch } from '../watch.ts';

export const client: OracleClient = {
  name: 'coredns',
  source: 'the whole program, built from its Go modules, with its etcd plugin',
  slow: true,
  settings: (given) => ({ Corefile: corefile(given) }),
  programs: async () => [
    await goProgram({
      name: 'coredns',
      release: '1.15.0',
      main: 'github.com/coredns/coredns',
      module: 'github.com/coredns/coredns@v1.15.0',
    }),
  ],
  connect: async (visit) => {
    const { cert, key } = visit.given;
    // Its one line of three files has no form for one without the other.
    return (cert === undefined) === (key === undefined) ? [await resolve(visit)] : [];
  },
};

function corefile({ endpoints, ca, cert, key }: ClientAccess): string {
  const files = [cert, key, ca].filter((path) => path !== undefined);
  return [
    '.:1053 {',
    '  errors',
    '  etcd skydns.test {',
    '    path /skydns',
    `    endpoint ${endpoints.join(' ')}`,
    ...(files.length === 0 ? [] : [`    tls ${files.join(' ')}`]),
    '  }',
    '}',
    '',
  ].join('\n');
}

/** Asks it for a name, which it looks up in etcd; what gRPC has to say of that is in its log. */
async function resolve(visit: Visit): Promise<Answer> {
  const { program, given, cluster, directory } = visit;
  const file = join(directory, 'Corefile');
  await writeFile(file, corefile(given));
  let answer = '';
  const signs = { accepted: /(?!)/, refused: /./ };
  const { words } = await watch(visit, [...program.command, '-conf', file], signs, async () => {
    answer = (await cluster.run(process.execPath, ['--eval', query])).stdout.trim();
  });
  const outcome = answer === 'ENOTFOUND' ? 'accepted' : 'refused';
  return { to: given.endpoints[0] ?? '', outcome, words: [...words, answer] };
}

/** The name is not stored: `ENOTFOUND` is etcd's answer, `ESERVFAIL` the lack of one. */
const query = `
  const resolver = new (require('node:dns').Resolver)({ timeout: 7000, tries: 1 });
  resolver.setServers(['127.0.0.1:1053']);
  const ask = (left) =>
    resolver.resolve4('nothing.skydns.test', (error) => {
      // It does not listen yet.
      if (error?.code === 'ECONNREFUSED' && left > 0) setTimeout(ask, 200, left - 1);
      else console.log(error?.code);
    });
  ask(100);
`;
