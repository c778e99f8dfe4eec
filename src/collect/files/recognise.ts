import { wordSet } from '../../model/table.ts';
import { basename, extname } from 'node:path';

const certificateExtensions = new Set([
  '.pem',
  '.crt',
  '.cer',
  '.cert',
  '.der',
  '.key',
  '.crl',
  '.p12',
  '.pfx',
]);

/** File names that promise a certificate, key or CRL, so that finding none in them is worth reporting. */
export function namesCertificate(path: string): boolean {
  return certificateExtensions.has(extname(path).toLowerCase());
}

const programs = wordSet('etcd etcdctl flannel flanneld kube-apiserver');

/**
 * File names that promise settings of etcd or of a client of it, so that finding none in them is worth
 * reporting: `etcd.conf`, `10-etcd-member.conf`, `/etc/default/etcd`, `etcd.conf.yml`, drop-ins of a unit.
 */
export function namesSettings(path: string): boolean {
  if (/etc\/|\.d\//.test(path) && ofOtherPrograms.test(path)) return false;
  const name = basename(path);
  if (/^(?:etcd(?:\.conf)?|kube-apiserver)\.ya?ml$/i.test(name)) return true;
  if (/\.service\.d\/[^/]+\.conf$/.test(path)) return true;
  return /^etcd$|\.(?:conf|service|env)$/i.test(name) && namesProgram(name);
}

/**
 * Directories of other programs, which call their files after the service that they are about: all below a host's /etc
 * but those of services, of the system's environment and of etcd and its clients.
 */
const ofOtherPrograms =
  /(?<![^/])(?:etc\/(?!(?:default|sysconfig|conf\.d|env\.d|environment\.d|profile\.d|init\.d|init|systemd|supervisor\w*|containers|cron\.d|[^/]*(?:etcd|kube|flannel|calico|patroni|k3s|rancher|cni|compose|docker)[^/]*)\/)[^/]+|(?:logrotate|sudoers|sysusers|tmpfiles)\.d)\/(?:[^/]+\/)*[^/]+$/;

function namesProgram(name: string): boolean {
  const words = name.toLowerCase().split(/[._-]/);
  return words.some((word, at) => programs.has(word) || programs.has(`${words[at - 1]}-${word}`));
}

/** Whether a line of the file begins as a PEM block does. Indented blocks belong to YAML and count as text. */
export function looksLikePem(bytes: Uint8Array): boolean {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const marker = '-----BEGIN ';
  for (let at = content.indexOf(marker); at >= 0; at = content.indexOf(marker, at + 1)) {
    const before = at === 0 ? newline : content[at - 1];
    if (before === newline || before === carriageReturn) return true;
    // EF BB BF, the byte order mark, hides the first block from Go and not from a person.
    if (at === 3 && content[0] === 0xef) return true;
  }
  return false;
}

/** Whether PEM in a text is for files that it writes elsewhere: a script, or a job of Nomad. */
export function holdsPemOfOthers(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 8192));
  return head.startsWith('#!') || /^job[ \t]+"[^"]*"[ \t]*\{/m.test(head);
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Whether the beginning of the file has no byte that no text has. */
export function looksLikeText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, 8192).includes(0);
}

/** Copies of `/proc/PID/cmdline` and `environ`, in which NUL ends each word. */
export function isOfProcess(path: string, bytes: Uint8Array): boolean {
  return isNamedOfProcess(path) && bytes.length <= mostOfProcess && hasWordsOnly(bytes);
}

function hasWordsOnly(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0 || byte === newline || byte === 0x09 || byte >= 0x20);
}

/** Whether it is called as such a copy, and larger than any. */
export function isMoreThanProcess(path: string, bytes: Uint8Array): boolean {
  return isNamedOfProcess(path) && bytes.length > mostOfProcess && hasWordsOnly(bytes);
}

/** `environ`, `812.cmdline`, `etcd-environ.txt`: not `environments`. */
function isNamedOfProcess(path: string): boolean {
  return /^(?:[\w.-]*[_.-])?(?:cmdline|environ)(?:[_.-][\w.-]*)?$/.test(basename(path));
}

/** Linux gives a process no more (execve(2), `MAX_ARG_STRLEN` and what the stack holds). */
const mostOfProcess = 2 * 1024 * 1024;
