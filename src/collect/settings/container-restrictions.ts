/** Options that take nothing from a process, or give it more than usual, and the profiles that engines bring along. */
const harmless =
  /^no-new-privileges\b|^(?:systempaths|unmask)[=:]|^label[=:]nested$|[=:](?:unconfined|disable)$|\b(?:spc_t|container_t|container_init_t)$|^seccomp[=:]builtin$|^apparmor[=:](?:docker-default|containers-default-[\d.]+|nerdctl-default)$/;

/** Why a `--security-opt` of a container leaves open what its process can do (docker-run(1), podman-run(1)). */
export function whySecurityOpen(options: readonly string[]): string | undefined {
  const profile = options.find((text) => !harmless.test(text));
  return profile && profileOpen(`the security option ${profile}`);
}

export function profileOpen(what: string): string {
  return `${what} restricts the process, which is not judged`;
}

export function whyNetworkOpen(mode: string | undefined): string | undefined {
  return mode === 'none' ? 'the container has no network' : undefined;
}

export const volumesOfOthers = 'the volumes of other containers are not read';
