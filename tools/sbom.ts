import { execFileSync } from 'node:child_process';

/** The bill of materials as npm makes it from the lock file, without what differs from run to run. */
const options = ['--package-lock-only', '--omit=dev', '--sbom-type=application'];
const made: unknown = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', ...options], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }),
);
if (!isBill(made)) throw new Error('npm sbom printed no CycloneDX document');
const { serialNumber: _random, metadata, ...bill } = made;
const { timestamp: _now, component, ...about } = metadata;
// npm takes the name of the directory for that of the package.
const name = /^pkg:npm\/([^@]+)@/.exec(component.purl)?.[1] ?? component.name;
const whole = { ...bill, metadata: { ...about, component: { ...component, name } } };
process.stdout.write(`${JSON.stringify(whole, undefined, 2)}\n`);

interface Bill {
  readonly bomFormat: 'CycloneDX';
  readonly serialNumber?: string;
  readonly metadata: {
    readonly timestamp?: string;
    readonly component: { readonly name: string; readonly purl: string };
  };
}

function isBill(value: unknown): value is Bill {
  return typeof value === 'object' && value !== null && 'bomFormat' in value && 'metadata' in value;
}
