import { type EtcdVersion, etcdVersion, isAtLeast } from './version.ts';

/** Images of etcd alone that run as root; the last kind is kubeadm's, in any registry. */
const official = [
  /(?<![^/])(?:coreos|etcd-development|registry\.k8s\.io|k8s\.gcr\.io|google_containers)\/etcd(?:[:@]|$)/,
  /(?<![^/])(?:mirrored-coreos-etcd|coreos-etcd|hardened-etcd)(?:[:@]|$)/,
  /(?<![^/])etcd:v?\d+\.\d+\.\d+-\d+(?:@|$)/,
];

const bitnami = /(?<![^/])bitnami(?:legacy)?\/etcd(?:[:@]|$)/;

/** The API server alone on a base without a shell, which runs as root (kubernetes/kubernetes build/server-image). */
const apiServer =
  /(?<![^/])(?:registry\.k8s\.io|k8s\.gcr\.io|google_containers)\/kube-apiserver(?:[:@]|$)/;

/** Whether an image is known to hold etcd or a client of it, and no certificate of a cluster. */
export function holdsNoCertificates(image = ''): boolean {
  return runsAsRoot(image) || (image.includes('bitnami') && bitnami.test(image));
}

/** Whether what an image starts is known to run as root where nothing else is said. */
export function runsAsRoot(image = ''): boolean {
  return image.includes('/kube-apiserver') ? apiServer.test(image) : isOfEtcdAlone(image);
}

function isOfEtcdAlone(image: string): boolean {
  return image.includes('etcd') && official.some((known) => known.test(image));
}

/** The tag of another image counts that image's releases; there was no etcd 1. */
const etcdTag =
  /(?<![^/-])etcd(?:-(?:amd64|arm64|ppc64le|s390x))?:(v?(?:0|[2-9]|\d{2,})\.\d[^:/@]*)(?:@.*)?$/s;

/** The release of etcd that an image holds, by its tag. */
export function releaseInImage(image: string): string | undefined {
  const tag = image.includes('etcd') ? etcdTag.exec(image)?.[1] : undefined;
  return tag === undefined ? undefined : etcdVersion(tag).text;
}

/** Whether an image is known to set no variable but PATH, as those of etcd alone. */
export function setsNoVariables(image = ''): boolean {
  return isOfEtcdAlone(image);
}

/** Images that the etcd project publishes itself. */
const upstream = /(?<![^/])(?:coreos|etcd-development)\/etcd:/;

/**
 * Whether an image is known to have no shell, and no program but etcd's own: since 3.4.24 and 3.5.7 upstream's are built
 * on distroless/static. 3.4.23 brings the shell of BusyBox along (Dockerfile-release of each tag).
 */
export function hasNoShell(image: string): boolean {
  const release = releaseOfUpstream(image);
  if (release === undefined) return false;
  return isAtLeast(release, isAtLeast(release, '3.5.0') ? '3.5.7' : '3.4.24');
}

/** Where a container of an image starts, as far as that is known: those without a shell state `WORKDIR /var/lib/etcd/`. */
export function directoryInImage(image = ''): string | undefined {
  if (releaseOfUpstream(image) === undefined) return undefined;
  return hasNoShell(image) ? '/var/lib/etcd' : '/';
}

function releaseOfUpstream(image: string): EtcdVersion | undefined {
  const release = upstream.test(image) ? releaseInImage(image) : undefined;
  return release === undefined ? undefined : etcdVersion(release);
}

/** Whether an image may set variables of etcdctl: what upstream publishes sets none. */
export function maySetVariables(image: string): boolean {
  return bitnami.test(image);
}
