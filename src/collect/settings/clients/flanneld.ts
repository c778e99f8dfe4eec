import { problem } from '../../../etcd/settings-problem.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import type { LocatedText } from '../../../model/settings.ts';
import type { Process } from '../process.ts';
import { splitWords } from '../words.ts';
import {
  clientOf,
  occurrences,
  filesOfFlags,
  settingOf,
  splitList,
  unknownArgument,
} from './client-settings.ts';
import type { EtcdClient } from './etcd-client.ts';
import type { Problems } from '../../../model/settings-problem.ts';

export const client: EtcdClient = { name: 'flanneld', variables: 'fill in', inProcess: flanneld };

/** https://github.com/flannel-io/flannel/blob/master/Documentation/configuration.md */
const names = {
  endpoints: { flag: 'etcd-endpoints', variable: 'FLANNELD_ETCD_ENDPOINTS' },
  // Packages of Fedora and Red Hat called it so and passed it on as the flag.
  oldEndpoints: { variable: 'FLANNEL_ETCD_ENDPOINTS' },
  ca: { flag: 'etcd-cafile', variable: 'FLANNELD_ETCD_CAFILE' },
  cert: { flag: 'etcd-certfile', variable: 'FLANNELD_ETCD_CERTFILE' },
  key: { flag: 'etcd-keyfile', variable: 'FLANNELD_ETCD_KEYFILE' },
};

/** flanneld, by its command line, its variables, or a list of its etcd flags alone. */
function flanneld(given: Process): readonly ClientDraft[] {
  if (!isFlanneld(given)) return [];
  const process = { ...given, words: [...optionsOf(given), ...given.words] };

  const endpoints =
    settingOf(process, names.endpoints) ??
    settingOf(process, names.oldEndpoints) ??
    unknownArgument(process);
  const files = filesOfFlags(process, names);
  const isWhole = files.certFile !== undefined && files.keyFile !== undefined;
  return [
    clientOf(
      process,
      {
        name: 'flanneld',
        kind: 'flanneld',
        endpoints:
          endpoints === undefined
            ? {
                value: ['http://127.0.0.1:4001', 'http://127.0.0.1:2379'],
                origin: { via: 'default' },
              }
            : splitList(endpoints),
        ...(isWhole ? files : {}),
        verifier: 'go',
        speaks: 'grpc',
      },
      [...emptyFlags(process), ...(isWhole ? [] : unusedFiles(files))],
    ),
  ];
}

/** The environment file of Fedora's and Red Hat's packages by itself: their unit runs `flanneld … $FLANNEL_OPTIONS`. */
function optionsOf({ program, variables }: Process): readonly LocatedText[] {
  const options = variables.findLast(({ name }) => name === 'FLANNEL_OPTIONS');
  if (program !== undefined || options === undefined) return [];
  return splitWords(options.value, 'shell').map(({ text }) => ({
    text,
    ...(options.location && { location: options.location }),
  }));
}

function isFlanneld({ program, words, variables }: Process): boolean {
  if (words.some(({ text }) => /^--?etcd-servers\b/.test(text))) return false;
  if (program !== undefined)
    return /^flanneld(?:-start)?$/.test(program) && words.length + variables.length > 0;
  if (variables.some(({ name }) => /^FLANNELD?_ETCD_/.test(name))) return true;
  return words.some(({ text }) => /^-+etcd-(?:endpoints|(?:ca|cert|key)file)\b/.test(text));
}

/** A flag given as an empty text is as good as not given: flanneld dials without it. */
function emptyFlags({ words }: Process): Problems {
  return [names.ca, names.cert, names.key].flatMap(({ flag }) => {
    const given = occurrences(words, flag).at(-1);
    if (given === undefined || given.value !== '') return [];
    const values = { flag, client: 'flanneld' };
    return [problem('without-effect', given, 'empty-flag', undefined, values)];
  });
}

/**
 * Without both a certificate and a key flanneld uses no TLS file at all, and verifies etcd with the CAs of the
 * operating system (pkg/subnet/etcd/registry.go newTlsConfig, since 0.20).
 */
function unusedFiles(files: ReturnType<typeof filesOfFlags>): Problems {
  return Object.values(files).map((setting) =>
    problem('without-effect', setting, 'ignored-without-pair', undefined, { client: 'flanneld' }),
  );
}
