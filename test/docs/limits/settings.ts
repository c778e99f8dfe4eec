import { gzipSync } from 'node:zlib';
import { vi } from 'vitest';
import { boundedContext } from '../../../src/collect/settings/bounded-context.ts';
import { readYaml } from '../../../src/collect/settings/yaml.ts';
import { filesOfDockerfile } from '../../../src/collect/settings/image-files.ts';
import { preparedBy } from '../../../src/collect/settings/prepared-files.ts';
import { answerOf, type Limit, many, unread, withFiles } from './limit.ts';

const readsYaml = (text: string) => () => answerOf(() => readYaml({ path: 'etcd.yaml', text }));
const tooLarge = /too large or nested too deeply/;

/** Aliases of aliases: four to the power of so many. */
const laughs = (power: number) =>
  many(
    power,
    (index) => `a${index}: &a${index} [${(index === 0 ? 'x, ' : `*a${index - 1}, `).repeat(4)}]\n`,
  );

/** A set that holds what was not given, as the file of a ConfigMap of a ConfigMap. */
function nested(depth: number, text: string): string {
  const data = {
    [depth === 0 ? 'etcd.env' : 'config.yaml']: depth === 0 ? text : nested(depth - 1, text),
  };
  const metadata = { name: `c${depth}` };
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
}

const packed = (text: string) =>
  `#cloud-config\nwrite_files:\n- path: /etc/etcd.env\n  encoding: gz+b64\n  content: ${gzipSync(text).toString('base64')}\n`;

const job = (body: string) =>
  `job "etcd" {\n group "g" {\n task "etcd" {\n driver = "docker"\n config {\n image = "quay.io/coreos/etcd:v3.5.21"\n args = ["--name=a"]\n }\n ${body}\n }\n }\n}\n`;

/** The files of an image that is built from given ones. */
const imageOf = (text: string) => () => {
  const files = Array.from({ length: 300 }, (_, index) => `${index}.crt`);
  const dockerfile = { path: 'Dockerfile', text };
  const mounts = filesOfDockerfile(
    { directory: '.', dockerfile },
    { files, find: () => undefined },
  );
  return Promise.resolve(JSON.stringify(mounts));
};

export const ofSettings: readonly Limit[] = [
  {
    of: 'comparisons for a pattern of file names, in `EnvironmentFile=` and in scripts, 32 to a step',
    file: 'collect/settings/files-matching.ts',
    constant: 'mostSteps',
    why: 'the names of 100,000 files take half of them',
    beyond: 'the files count as not given',
    read: withFiles({
      'etcd.service': `[Service]\nEnvironmentFile=/etc/${'*'.repeat(200_000)}\nExecStart=/usr/bin/etcd\n`,
      [`etc/${'a'.repeat(200)}.env`]: 'ETCD_NAME=a\n',
    }),
    says: /was not given, and systemd does not start the unit/,
  },
  {
    of: 'instructions of a Dockerfile',
    file: 'collect/settings/image-files.ts',
    constant: 'mostInstructions',
    why: 'real ones have tens',
    beyond: 'which files the image holds is not known',
    read: imageOf(`FROM scratch\nCOPY 0.crt /0.crt\n${many(600, () => 'ENV A=b\n')}`),
    says: /^\[\{"inside":""/,
  },
  {
    of: 'files that a Dockerfile copies',
    file: 'collect/settings/image-files.ts',
    constant: 'mostFiles',
    why: "an image with etcd's files has few",
    beyond: 'which files the image holds is not known',
    read: imageOf(`FROM scratch\n${many(300, (index) => `COPY ${index}.crt /${index}.crt\n`)}`),
    says: /^\[\{"inside":""/,
  },
  {
    of: 'files that commands write before etcd starts',
    file: 'collect/settings/prepared-files.ts',
    constant: 'mostTargets',
    why: 'scripts write few certificates',
    beyond: 'any file may be one that they write',
    read: () =>
      Promise.resolve(
        JSON.stringify(
          preparedBy([
            {
              outputs: Array.from({ length: 300 }, (_, at) => ({ path: `/${at}`, by: 'cp' })),
              started: [],
              unfollowed: [],
              scripts: [],
              missing: [],
              ending: () => 'succeeds',
            },
          ]),
        ),
      ),
    says: /"path":""/,
  },
  {
    of: 'a file packed in cloud-config',
    unit: 'bytes',
    file: 'collect/settings/embedded-files.ts',
    constant: 'mostUnpacked',
    why: 'a few bytes unpack to gigabytes',
    beyond: unread,
    read: withFiles({ 'user-data': packed(`ETCD_NAME=a\n${'#'.repeat(5 * 2 ** 20)}\n`) }),
    says: /user-data.*etcd\.env/,
  },
  {
    of: 'nodes of a YAML document',
    file: 'collect/settings/yaml.ts',
    constant: 'mostNodes',
    why: 'aliases of aliases make billions',
    beyond: unread,
    read: readsYaml(laughs(9)),
    says: tooLarge,
  },
  {
    of: 'tokens of a YAML document',
    file: 'collect/settings/yaml.ts',
    constant: 'mostTokens',
    why: 'a megabyte of YAML takes seconds before a node of it is seen',
    beyond: unread,
    read: readsYaml(`name: a\n${'# b\n'.repeat(160_000)}`),
    says: tooLarge,
  },
  {
    of: 'brackets and lists within each other in YAML',
    file: 'collect/settings/yaml.ts',
    constant: 'deepest',
    why: 'settings have ten',
    beyond: unread,
    read: readsYaml(`a: ${'['.repeat(250)}x${']'.repeat(250)}\n`),
    says: tooLarge,
  },
  {
    of: 'nodes of a JSON document',
    file: 'collect/settings/yaml.ts',
    constant: 'mostJsonNodes',
    why: 'JSON costs a hundredth of YAML',
    beyond: unread,
    read: readsYaml(`{"kind":"List","items":[${'1,'.repeat(1_000_001)}1]}`),
    says: tooLarge,
  },
  {
    of: 'values within each other in saved evidence',
    file: 'schema/settings.ts',
    constant: 'deepest',
    why: 'as deep as YAML',
    beyond: 'exit 2',
    async read() {
      let document: unknown = { kind: 'scalar', value: 1, location: { file: 'a' } };
      for (let depth = 0; depth < 300; depth += 1) {
        document = { kind: 'list', location: { file: 'a' }, items: [document] };
      }
      // Schemas are made once, when they are loaded.
      vi.resetModules();
      const { documentNode } = await import('../../../src/schema/settings.ts');
      return await answerOf(() => documentNode.safeParse(document).success);
    },
    says: /^false$/,
  },
  {
    of: 'what variables become in one process',
    unit: 'characters',
    file: 'collect/settings/expansion-budget.ts',
    constant: 'mostCharacters',
    why: 'variables that double become terabytes',
    beyond: 'the variable stays as it is written, which is not understood',
    read: withFiles({
      'etcd.service': `[Service]\nEnvironment=A=${'x'.repeat(50_000)}\nExecStart=/usr/bin/etcd --name ${'${A}'.repeat(50)}\n`,
    }),
    says: /come to more than 2 MiB, and are not read/,
  },
  {
    of: 'text of files that others name again',
    unit: 'characters',
    file: 'collect/settings/bounded-context.ts',
    constant: 'mostCharacters',
    why: 'files that name each other multiply',
    beyond: unread,
    async read() {
      const file = { path: 'e.env', text: 'x'.repeat(2 ** 20) };
      const { context, exceeded } = boundedContext({ find: () => file });
      for (let count = 0; count < 100; count += 1) context.find('e.env', 'etcd.service');
      return JSON.stringify(exceeded());
    },
    says: /names other files so often that not all of them are read/,
  },
  {
    of: 'words and variables of all processes',
    file: 'collect/settings/read-settings.ts',
    constant: 'mostValues',
    why: 'ten thousand hosts have less',
    beyond: unread,
    read: withFiles({
      'etcd.service': `[Service]\n${many(400, () => `ExecStartPre=/usr/bin/etcdctl ${'a '.repeat(1000)}\n`)}ExecStart=/usr/bin/etcd\n`,
    }),
    says: /more than 300000 words and variables/,
  },
  {
    of: 'texts in texts in texts (a ConfigMap in cloud-config)',
    file: 'collect/settings/read-settings.ts',
    constant: 'deepestHolder',
    why: 'nothing real goes deeper',
    beyond: unread,
    read: withFiles({
      'a.yaml': nested(7, 'ETCD_NAME=a\nETCDCTL_ENDPOINTS=https://10.0.0.1:2379\n'),
    }),
    says: /a\.yaml.*not in a known settings format/,
  },
  {
    of: 'blocks within each other in HCL',
    file: 'collect/settings/hcl.ts',
    constant: 'deepest',
    why: 'no job nests deeper',
    beyond: unread,
    read: withFiles({ 'etcd.nomad': job(`${'a { '.repeat(70)}${'} '.repeat(70)}`) }),
    says: /etcd\.nomad.*nested too deeply/,
  },
  {
    of: 'replicas of a StatefulSet',
    file: 'collect/settings/kubernetes.ts',
    constant: 'mostReplicas',
    why: 'no etcd cluster has more',
    beyond: unread,
    read: withFiles({
      'etcd.yaml': `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: etcd}\nspec:\n  replicas: 30\n  selector: {matchLabels: {a: b}}\n  template: {spec: {containers: [{name: etcd, image: "etcd:v3.5.21", command: [etcd, --listen-client-urls=http://0.0.0.0:2379]}]}}\n`,
    }),
    says: /30 replicas/,
  },
];
