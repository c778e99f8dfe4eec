import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * Prints a bill of materials in CycloneDX, as npm makes it from the lock file, without what differs from
 * run to run and without what is only developed with. npm's own `--omit=dev` (11.19) also leaves out
 * packages of ours that tools of development use too.
 */
const component = z.looseObject({ 'bom-ref': z.string(), name: z.string(), purl: z.string() });
const bill = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  serialNumber: z.string().optional(),
  metadata: z.looseObject({ timestamp: z.string().optional(), component }),
  components: z.array(component),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});
const lock = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string(), dev: z.boolean().optional() }),
  ),
});

const { packages } = lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
const kept = new Set(
  Object.entries(packages)
    .filter(([, { dev }]) => dev !== true)
    .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`),
);
const options = ['--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
const npm = execFileSync('npm', ['sbom', ...options], { encoding: 'utf8', maxBuffer: 1 << 28 });
const { serialNumber: _random, metadata, ...made } = bill.parse(JSON.parse(npm));
const { timestamp: _now, component: root, ...about } = metadata;
// npm uses the name of the directory as that of the package.
const name = /^pkg:npm\/([^@]+)@/.exec(root.purl)?.[1] ?? root.name;
const whole = {
  ...made,
  metadata: { ...about, component: { ...root, name } },
  components: made.components.filter((one) => kept.has(one['bom-ref'])),
  dependencies: made.dependencies
    .filter(({ ref }) => ref === root['bom-ref'] || kept.has(ref))
    .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => kept.has(ref)) })),
};
process.stdout.write(`${JSON.stringify(whole, undefined, 2)}\n`);
