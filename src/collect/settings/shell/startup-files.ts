import { homeOf, pathInHome } from './home.ts';
import { readParts } from './source.ts';
import type { Run } from './runtime.ts';

/** Reads the files that a shell reads before its script (bash(1), dash(1)). */
export function readStartupFiles(run: Run): void {
  const { start, dialect } = run;
  if (start.isBare === true) return;
  if (start.isZsh === true) return readOfZsh(run);
  if (start.isLogin === true) readProfiles(run);
  const isInteractive = start.isInteractive === true;
  if (dialect === 'sh') {
    if (isInteractive) readNamedBy('ENV', run);
  } else if (!isInteractive) readNamedBy('BASH_ENV', run);
  else if (start.isLogin !== true) readPart(`${homeOf(run)}/.bashrc`, run);
}

/** Those of them that were given (zsh(1), Debian's are in /etc/zsh): the rest of what zsh does is not followed. */
function readOfZsh(run: Run): void {
  const { isLogin, isInteractive, find } = run.start;
  const names = [
    'zshenv',
    ...(isLogin === true ? ['zprofile'] : []),
    ...(isInteractive === true ? ['zshrc'] : []),
    ...(isLogin === true ? ['zlogin'] : []),
  ];
  for (const name of names) {
    const all = [`/etc/${name}`, `/etc/zsh/${name}`, `${homeOf(run)}/.${name}`];
    for (const path of all.filter((each) => find?.(each) !== undefined)) readPart(path, run);
  }
}

/** Of these and `.profile`, bash reads the first that is there. */
const ofBash = ['.bash_profile', '.bash_login'];

function readProfiles(run: Run): void {
  const home = homeOf(run);
  const all = [...(run.dialect === 'bash' ? ofBash : []), '.profile'].map(
    (name) => `${home}/${name}`,
  );
  const [own = ''] = all.filter((path) => run.start.find?.(path) !== undefined);
  for (const path of ['/etc/profile', own === '' ? (all[0] ?? own) : own]) readPart(path, run);
}

/** A file that a variable names, which is not set unless something sets it. */
function readNamedBy(name: string, run: Run): void {
  const { value, isKnown = false } = run.state.variables.get(name) ?? {};
  if (value === undefined || value === '') return;
  const path = isKnown ? (pathInHome(value, run) ?? value) : value;
  readPart(path, run);
}

/** Of what was set before, nothing is known either where the file was not given. */
function readPart(path: string, run: Run): void {
  readParts(path, { line: 1, hasWords: false }, run);
  if (!run.missing.has(path)) return;
  const { variables } = run.state;
  for (const name of [...variables.keys()].filter((each) => ofEtcd.test(each))) {
    variables.delete(name);
  }
}

const ofEtcd =
  /ETCD|^(?:FLANNELD?|FELIX|PATRONI|K3S|RKE2)_|^(?:GODEBUG|SSL_CERT_FILE|SSL_CERT_DIR)$/;
