import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../lock.ts';
import { run } from '../../run.ts';
import type { OracleClient, Program } from '../oracle-client.ts';
import { inventoryOf } from '../client-access.ts';

const release = '0.8.4';
const directory = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  '.cache',
  'oracles',
  `jetcd-${release}`,
);
const source = join(import.meta.dirname, '..', 'programs', 'AskThroughJetcd.java');

/** Java's client, with Netty and the TLS of the JDK. */
export const client: OracleClient = {
  name: 'jetcd (Java)',
  source: 'Maven',
  slow: true,
  settings: (given) => inventoryOf(given, { name: 'jetcd', kind: 'jetcd' }),
  programs: async () => [await compiled()],
  connect: async ({ program, given, cluster }) => {
    const [java, ...rest] = program.command;
    const [to = ''] = given.endpoints;
    const files = [given.ca, given.cert, given.key].map((path) => path ?? '');
    const { code, stdout, stderr } = await cluster.run(java, [...rest, to, ...files], {
      timeoutMilliseconds: 60_000,
    });
    const outcome = code === 0 ? 'accepted' : 'refused';
    return [{ to, outcome, words: `${stdout}\n${stderr}`.split('\n') }];
  },
  ownAlerts: true,
  // Java has words of its own.
  prints: () => undefined,
};

async function compiled(): Promise<Program> {
  const libraries = join(directory, 'lib');
  const classes = join(directory, 'classes');
  await mkdir(directory, { recursive: true });
  await withLock(join(directory, 'lock'), async () => {
    if ((await filesIn(libraries)).length === 0) {
      await writeFile(join(directory, 'pom.xml'), pom);
      const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${libraries}`];
      await must('mvn', ['--quiet', '--batch-mode', ...copy]);
    }
    await must('javac', ['-cp', `${libraries}/*`, '-d', classes, source]);
  });
  const { stderr } = await run('java', ['-version']);
  const java = /version "([^"]+)"/.exec(stderr)?.[1] ?? '';
  return {
    release: `${release} on Java ${java}`,
    command: ['java', '-cp', `${libraries}/*:${classes}`, 'AskThroughJetcd'],
  };
}

async function filesIn(path: string): Promise<readonly string[]> {
  return readdir(path).catch(() => []);
}

async function must(command: string, parameters: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run(command, parameters, { cwd: directory });
  if (code === 127) throw new Error(`there is no ${command} on this machine`);
  if (code !== 0) throw new Error(`${command}: ${`${stdout}\n${stderr}`.trim().slice(0, 300)}`);
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>oracle</groupId>
  <artifactId>jetcd</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.etcd</groupId>
      <artifactId>jetcd-core</artifactId>
      <version>${release}</version>
    </dependency>
  </dependencies>
</project>
`;
