import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noticesOf } from './notices.ts';
import { compileIn } from './compiled.ts';
import { bundleProgram, bundleScript } from './program-bundle.ts';

const dist = process.argv[2] ?? 'dist';
const directory = join(dist, 'cli');

await rm(directory, { recursive: true, force: true });
const { modules, entry } = await bundleProgram({ directory, entryName: 'run-[hash].js' });
await bundleScript('src/cli/main.ts', join(directory, 'main.js'), { ENTRY: JSON.stringify(entry) });
await chmod(join(directory, 'main.js'), 0o755);
await writeFile(join(directory, 'package.json'), '{ "type": "commonjs" }\n');
await compileIn(directory);
await writeFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), await noticesOf(modules));
