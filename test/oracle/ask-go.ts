import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goToolchain } from '../../testcluster/binaries/go-toolchains.ts';
import { run, type RunOptions } from '../../testcluster/run.ts';
import type { OracleCase } from './oracle-case.ts';

/** What the program next to this file says of each question when a release of Go, such as `1.16.15`, builds it. */
export async function askGo(
  release: string,
  questions: readonly OracleCase[],
): Promise<readonly string[]> {
  const { program, environment } = await goToolchain(release);
  const work = await mkdtemp(join(tmpdir(), 'oracle-'));
  try {
    const sources = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.go'));
    for (const name of sources) await copyFile(join(import.meta.dirname, name), join(work, name));
    // The release that the module states decides the defaults of GODEBUG.
    const minor = release.split('.').slice(0, 2).join('.');
    await writeFile(join(work, 'go.mod'), `module oracle\n\ngo ${minor}\n`);
    const settings = { ...environment, GOFLAGS: '-mod=', GOWORK: 'off' };
    await must(program, ['build', '-o', 'oracle', '.'], { cwd: work, environment: settings });
    const input = linesOf(questions);
    const answers = (await must(join(work, 'oracle'), [], { input })).trimEnd().split('\n');
    if (answers.length === questions.length) return answers.map((line) => String(JSON.parse(line)));
    throw new Error(
      `Go ${release} gave ${answers.length} answers to ${questions.length} questions`,
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The questions as the program reads them. */
export function linesOf(questions: readonly OracleCase[]): string {
  return questions
    .map((asked) =>
      JSON.stringify(
        Object.fromEntries(
          Object.entries(asked).map(([name, value]: [string, unknown]) => [
            name.charAt(0).toUpperCase() + name.slice(1),
            toJson(value),
          ]),
        ),
      ),
    )
    .join('\n');
}

function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return Array.isArray(value) ? value.map(toJson) : value;
}

async function must(program: string, parameters: readonly string[], options: RunOptions) {
  const { code, stdout, stderr } = await run(program, parameters, options);
  if (code !== 0) throw new Error(`${program} ${parameters.join(' ')}: ${stderr.trim()}`);
  return stdout;
}
