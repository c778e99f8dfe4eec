/**
 * What backups, package managers and editors leave behind: kubeadm's backups, saved and new versions of
 * settings files, easy-rsa's copies by serial number. Nothing reads them where they are.
 */
const leftovers: readonly RegExp[] = [
  /(?:^|\/)kubeadm-(?:backup|upgraded-manifests|init-dryrun)[^/]*\//,
  /(?:^|\/)certs_by_serial\//,
  /(?:^|\/)[^/]+\.(?:bak|old|orig|backup|save)\//i,
  /\.(?:rpmnew|rpmsave|rpmorig|dpkg-(?:old|dist|new|bak|tmp)|ucf-(?:old|dist)|bak|orig|old|save|swp|tmp)$/i,
  /~$/,
];

/** Whether a file is a copy that was left behind, by its place and its name. */
export function isLeftover(path: string): boolean {
  return leftovers.some((pattern) => pattern.test(path));
}
