import { defined } from '../../model/defined.ts';
import type { Client, FileMatch, Member } from '../../model/inventory.ts';
import type { ProbeRequest } from '../../model/probe-plan.ts';
import type { Setting } from '../../model/settings.ts';
import { clientGoVersion, everyMember } from './build-client.ts';
import type { Surroundings } from './build-member.ts';
import { normalized } from './match-files.ts';

/**
 * The client that runs the audit, as etcdctl with the options given: a client like any other. Without a
 * CA file no client is described.
 */
export function youAsClient(
  { endpoints = [], trustedCaFile, certificateFile, keyFile }: ProbeRequest,
  index: number,
  members: readonly Member[],
  around: Surroundings,
): Client | undefined {
  if (trustedCaFile === undefined) return undefined;
  const paths = [trustedCaFile, certificateFile, keyFile].flatMap((path) => path ?? []);
  // Runs of several clients may be judged together.
  const name = index === 0 ? 'you' : `you-${index + 1}`;
  return {
    name,
    kind: 'etcdctl',
    target: { kind: 'client', name },
    known: 'settings',
    origin: { file: trustedCaFile },
    endpoints:
      endpoints.length === 0
        ? everyMember(members)
        : stated('--endpoints', endpoints.map(withScheme)),
    caFile: stated('--cacert', trustedCaFile),
    ...defined({
      certFile: certificateFile === undefined ? undefined : stated('--cert', certificateFile),
      keyFile: keyFile === undefined ? undefined : stated('--key', keyFile),
    }),
    verifier: 'go',
    speaks: 'grpc',
    goVersion: clientGoVersion('etcdctl', around),
    problems: [],
    files: paths.map((deployed): FileMatch => {
      const file = normalized(deployed);
      return around.given.all.has(file)
        ? { deployed, file, because: 'it was given on the command line' }
        : { deployed, because: 'it was not given' };
    }),
  };
}

function stated<Value>(name: string, value: Value): Setting<Value> {
  return { value, origin: { via: 'flag', name } };
}

/** etcdctl dials by TLS where it has a CA and the endpoint names no scheme. */
function withScheme(endpoint: string): string {
  return endpoint.includes('://') ? endpoint : `https://${endpoint}`;
}
