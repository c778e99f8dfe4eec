import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ended, run } from '../run.ts';

const etcdPackages = ['etcd-server', 'etcd-client'];

/**
 * Puts packages of a Debian suite, etcd and etcdctl unless named, into a directory, without root and without
 * installing anything: apt gets a configuration of its own, which is the machine's with another suite name.
 */
export async function fetchFromDebian(
  suite: string,
  into: string,
  packages: readonly string[] = etcdPackages,
): Promise<void> {
  const apt = await configureApt(suite, into);
  must(await run('apt-get', [...apt, '--quiet', 'update']), `apt-get update for suite ${suite}`);
  await unpack(packages, apt, `suite ${suite}`, into);
}

/**
 * Puts the sources of a package, as its authors published them and without Debian's patches, into a directory.
 * @returns the directory that holds them
 */
export async function fetchSources(suite: string, into: string, name: string): Promise<string> {
  const apt = await configureApt(suite, into, 'deb-src');
  const what = `${name} from suite ${suite}`;
  must(await run('apt-get', [...apt, '--quiet', 'update']), `apt-get update for suite ${suite}`);
  must(
    await run('apt-get', [...apt, '--quiet', '--download-only', 'source', name], { cwd: into }),
    `apt-get source ${what}`,
  );
  const archive = (await readdir(into)).find((each) => each.endsWith('.orig.tar.gz'));
  if (archive === undefined) throw new Error(`apt-get source ${what}: there is no .orig.tar.gz`);
  await mkdir(join(into, 'sources'));
  const unpacking = ['-xzf', archive, '-C', 'sources', '--strip-components=1'];
  must(await run('tar', unpacking, { cwd: into }), `tar ${archive}`);
  return join(into, 'sources');
}

/** Puts etcd and etcdctl into a directory from where apt takes packages on this machine, whatever distribution it is. */
export async function fetchFromDistribution(into: string): Promise<void> {
  await unpack(etcdPackages, [], 'the sources of this machine', into);
}

async function unpack(
  packages: readonly string[],
  apt: readonly string[],
  from: string,
  into: string,
): Promise<void> {
  must(
    await run('apt-get', [...apt, '--quiet', 'download', ...packages], { cwd: into }),
    `apt-get download ${packages.join(' ')} from ${from}`,
  );
  for (const archive of (await readdir(into)).filter((name) => name.endsWith('.deb'))) {
    must(await run('dpkg', ['-x', archive, 'root'], { cwd: into }), `dpkg -x ${archive}`);
  }
}

/** Where `dpkg -x` leaves the programs. */
export const debianPrograms: string = join('root', 'usr', 'bin');

async function configureApt(
  suite: string,
  into: string,
  kind: 'deb' | 'deb-src' = 'deb',
): Promise<readonly string[]> {
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const list = join(into, 'sources.list');
  await mkdir(join(into, 'state', 'lists', 'partial'), { recursive: true });
  await mkdir(join(into, 'cache', 'archives', 'partial'), { recursive: true });
  await writeFile(list, `${kind} [signed-by=${keyring}] ${await machineMirror()} ${suite} main\n`);
  // Without this apt would want to fetch the version that is installed on the machine.
  await writeFile(join(into, 'status'), '');
  const options = {
    'Dir::Etc::sourcelist': list,
    'Dir::Etc::sourceparts': '-',
    'Dir::State': join(into, 'state'),
    'Dir::State::status': join(into, 'status'),
    'Dir::Cache': join(into, 'cache'),
    'Acquire::Languages': 'none',
    // A mirror may keep a suite as it was on a day; its signature is checked all the same.
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'APT::Sandbox::User': 'root',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** The mirror that the machine takes Debian from. */
async function machineMirror(): Promise<string> {
  const format = ['indextargets', '--format', '$(REPO_URI) $(CODENAME)'];
  const targets = await run('apt-get', [...format, 'Created-By: Packages', 'Component: main']);
  const mirrors = targets.stdout
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([uri = '', codename = '']) => uri.includes('debian') && /^[a-z]+$/.test(codename));
  const mirror = mirrors[0]?.[0];
  if (mirror === undefined) {
    throw new Error('the sources of apt on this machine name no Debian mirror');
  }
  return mirror;
}

function must(ended: Ended, what: string): void {
  if (ended.code === 127) {
    throw new Error(`${what}: there is no such program on this machine`);
  }
  if (ended.code !== 0) {
    const said = ended.stderr.trim().split('\n').slice(-3).join(' / ');
    throw new Error(`${what} ended with ${ended.code}: ${said}`);
  }
}
