import { run } from '../../run.ts';
import type { OracleClient, Visit } from '../oracle-client.ts';
import { flagsOf, inventoryOf } from '../client-access.ts';

export const client: OracleClient = {
  name: 'curl',
  source: 'the curl of this machine, with the JSON gateway',
  gateway: true,
  settings: (given) =>
    inventoryOf(given, { name: 'curl', kind: 'curl', verifier: 'openssl', speaks: 'gateway' }),
  programs: async () => {
    const { code, stdout } = await run('curl', ['--version']);
    const release = /^curl (\S+)/.exec(stdout)?.[1];
    if (code !== 0 || release === undefined) throw new Error('there is no curl on this machine');
    const library = /OpenSSL\/(\S+)/.exec(stdout)?.[0] ?? 'another TLS library';
    return [{ release: `${release} with ${library}`, command: ['curl'] }];
  },
  connect: async (visit) => Promise.all(visit.given.endpoints.map((url) => ask(visit, url))),
  prints: (predicted) =>
    // It compares names itself, and says so in its own words.
    predicted.includes('mismatch')
      ? undefined
      : predicted.replace('certificate verify failed: ', ''),
};

async function ask({ given, cluster }: Visit, to: string) {
  const flags = flagsOf(given, { ca: '--cacert', cert: '--cert', key: '--key' });
  const words: string[] = [];
  // The path has changed with 3.4; older gateways know it as v3beta alone.
  for (const version of ['v3', 'v3beta']) {
    const { stdout, stderr } = await cluster.run('curl', [
      '--silent',
      '--show-error',
      '--max-time',
      '20',
      '--write-out',
      '\n%{http_code}',
      ...flags.flatMap((flag) => flag.split('=')),
      '--request',
      'POST',
      '--data',
      '{}',
      `${to}/${version}/maintenance/status`,
    ]);
    const status = stdout.trim().split('\n').at(-1);
    if (status === '200') return { to, outcome: 'accepted' as const, words: [] };
    words.push(...`${stdout}\n${stderr}`.split('\n'));
  }
  return { to, outcome: 'refused' as const, words };
}
