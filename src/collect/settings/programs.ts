import { wordSet } from '../../model/table.ts';
import type { Started } from './starts.ts';
import { isOwnFlag } from './mentions.ts';

/** etcd's server under the names that packages and archives give it: `etcd`, `etcd-3.5.16`, `etcd-v3.5.16-linux-amd64`. */
const server =
  /^etcd(?:-wrapper|-server|-member)?(?:[-_]?v?\d+(?:\.\d+)*(?:[-+~.]?[a-z]+\.?\d*)?)?(?:[-_.](?:linux|darwin|windows|amd64|x86_64|arm64|aarch64|arm|ppc64le|s390x|riscv64))*(?:\.(?:exe|bin|real|orig))?$/;

/** Whether a program is etcd's server by its name. */
export function isEtcd(program: string): boolean {
  return program.startsWith('etcd') && server.test(program);
}

/** Whether a process is etcd's server, and not only asked for its version. */
export function isServer({ program = '', words }: Pick<Started, 'program' | 'words'>): boolean {
  return isEtcd(program) && !isAsked(words.map(({ text }) => text));
}

const asking = wordSet('-h -help -version --h --help --version');

/** Whether etcd is only to print something. */
export function isAsked(words: readonly string[]): boolean {
  return words.some((word) => asking.has(word));
}

/** Whether a file is what init scripts share on each distribution, which sets nothing for etcd. */
export function isOfInitScripts(path: string): boolean {
  return /\/(?:init\.d\/functions|init-functions|functions\.sh|rc\.subr)$/.test(path);
}

/** Programs that run others in containers. */
export const containerEngines = wordSet('docker podman nerdctl crictl ctr rkt');

/** Whether a program may be etcd or a client of it, by its name or by its flags. */
export function isOfInterest({ program = '', words }: Pick<Started, 'program' | 'words'>): boolean {
  if (isEtcd(program) || knownClients.has(program)) return true;
  if (containerEngines.has(program))
    return words.some(({ text }) =>
      /etcd|kube-apiserver|flannel|calico|patroni|coredns|traefik/.test(text),
    );
  if (isWithoutEffect(program)) return false;
  return startedWords(program, words).some(({ text }) => {
    const flag = /^--?([a-z][\w.-]*)/.exec(text)?.[1];
    return (flag !== undefined && isOwnFlag(flag)) || /(?<![^/])etcd(?:ctl)?$/.test(text);
  });
}

/** What `find` is given before `-exec` are places in which it looks. */
export function startedWords<Word extends { readonly text: string }>(
  program: string,
  words: readonly Word[],
): readonly Word[] {
  if (program !== 'find') return words;
  const at = words.findIndex(({ text }) => /^-(?:exec|ok)(?:dir)?$/.test(text));
  return at < 0 ? [] : words.slice(at + 1);
}

const knownClients = wordSet(
  'etcdctl etcdctl2 etcdctl3 etcdutl patroni patroni.py kube-apiserver hyperkube kine flanneld external-dns k3s rke2 traefik confd vtgate vttablet vtctld vtctl vtctldclient vtorc vtbackup',
);

/** Whether a program is etcd or a client of it, or starts one in a container, and opens the files that it is given. */
export function isServerOrClient({ program = '', words }: Pick<Started, 'program' | 'words'>) {
  if (isEtcd(program) || knownClients.has(program) || containerEngines.has(program)) return true;
  return words.some(({ text }) => isOwnFlag(/^--?([a-z][\w.-]*)/.exec(text)?.[1] ?? ''));
}

/**
 * Programs that start nothing and change no settings, so that their arguments about etcd do not matter; what
 * they print may.
 */
export function isWithoutEffect(program: string): boolean {
  return withoutEffect.has(program);
}

const withoutEffect = wordSet(
  '[ [[ echo printf grep egrep fgrep logger mkdir chown chmod chgrp ls stat rm rmdir touch sleep kill pkill killall pgrep pidof id useradd groupadd adduser addgroup usermod getent systemctl service rc-service rc-update update-rc.d chkconfig journalctl curl wget tar unzip install cp cat head tail wc cut sort uniq tr test which type whoami hostname date sync wait fuser ss netstat nc apt-get apt yum dnf apk zypper pacman openssl cfssl cfssljson',
);

/** Of all that a script starts, what has to do with etcd; else what it ends in. */
export function principal(started: readonly Started[]): readonly Started[] {
  const wanted = started.filter(isOfInterest);
  return wanted.length > 0 ? wanted : started.slice(-1);
}
