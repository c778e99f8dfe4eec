/** Options that take nothing from a process, or give it more than usual. */
const harmless = /^no-new-privileges\b|[=:](?:unconfined|disable)$|\bspc_t$/;

/** Why a `--security-opt` of a container leaves open what its process can do (docker-run(1), podman-run(1)). */
export function whySecurityOpen(options: readonly string[]): string | undefined {
  const profile = options.find((text) => !harmless.test(text));
  return profile && `the security option ${profile} restricts the process, which is not judged`;
}

export function whyNetworkOpen(mode: string | undefined): string | undefined {
  return mode === 'none' ? 'the container has no network' : undefined;
}

export const volumesOfOthers = 'the volumes of other containers are not read';
