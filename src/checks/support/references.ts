/** Where etcd, Go and the RFCs say what the checks rely on. */
export const etcdSecurity = 'https://etcd.io/docs/latest/op-guide/security/';
export const etcdConfiguration = 'https://etcd.io/docs/latest/op-guide/configuration/';
export const etcdRuntimeReconfiguration =
  'https://etcd.io/docs/latest/op-guide/runtime-configuration/';
export const etcdAuthentication = 'https://etcd.io/docs/latest/op-guide/authentication/';
export const etcdListener =
  'https://github.com/etcd-io/etcd/blob/main/client/pkg/transport/listener.go';
export const goX509 = 'https://pkg.go.dev/crypto/x509#Certificate.Verify';
export const goTls = 'https://pkg.go.dev/crypto/tls';

/** A section of RFC 5280, the profile of X.509 certificates and CRLs. */
export function rfc5280(section: string): string {
  return `https://www.rfc-editor.org/rfc/rfc5280#section-${section}`;
}
export const systemdExec =
  'https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html';
export const kubernetesVolumes = 'https://kubernetes.io/docs/concepts/storage/volumes/';
