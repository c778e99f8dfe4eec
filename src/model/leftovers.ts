import { type WordSet, wordSet } from './table.ts';
/**
 * What backups, package managers and editors leave behind: kubeadm's backups, saved and new versions of
 * settings files, easy-rsa's copies by serial number. Nothing reads them where they are.
 */
const endings = wordSet(
  'rpmnew rpmsave rpmorig dpkg-old dpkg-dist dpkg-new dpkg-bak dpkg-tmp ucf-old ucf-dist bak orig old save swp tmp',
);
const endingsOfDirectories = wordSet('bak old orig backup save');

/** Whether a file is a copy that was left behind, by its place and its name. */
export function isLeftover(path: string): boolean {
  const directories = path.split('/');
  const name = directories.pop() ?? '';
  return endsIn(endings, name) || name.endsWith('~') || directories.some(isOfLeftovers);
}

function isOfLeftovers(directory: string): boolean {
  if (directory === 'certs_by_serial' || endsIn(endingsOfDirectories, directory)) return true;
  return /^kubeadm-(?:backup|upgraded-manifests|init-dryrun)/.test(directory);
}

function endsIn(all: WordSet, name: string): boolean {
  const at = name.lastIndexOf('.');
  return at > 0 && all.has(name.slice(at + 1).toLowerCase());
}
