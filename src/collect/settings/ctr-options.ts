import { table } from '../../model/table.ts';
import type { LocatedText } from '../../model/settings.ts';
import type { Option } from './container-options.ts';

const withoutValue =
  /^(?:allow-new-privs|cni|d|detach|help|net-host|no-pivot|null-io|privileged|read-only|remap-labels|rm|rootfs|runc-systemd-cgroup|seccomp|t|tty)$/;

/** The option of Docker that does the same. */
const sameAs = table<string>({
  config: 'specification',
  cwd: 'workdir',
  'memory-limit': 'memory',
  'pid-file': 'pidfile',
  u: 'user',
});

/** The option of Docker that does the same with another value. */
const alike = table<(value: string) => Pick<Option, 'name'> & { readonly text: string }>({
  'apparmor-profile': (value) => ({ name: 'security-opt', text: `apparmor=${value}` }),
  cni: () => ({ name: 'network', text: 'bridge' }),
  'net-host': () => ({ name: 'network', text: 'host' }),
  'seccomp-profile': (value) => ({ name: 'security-opt', text: `seccomp=${value}` }),
});

/** Options that change nothing of what is judged here. */
const harmless =
  /^(?:allow-new-privs|annotation|apparmor-default-profile|blockio-class|blockio-config-file|cgroup|cpu-period|cpu-quota|cpu-shares|cpus|d|detach|device|exec-id|fifo-dir|gpus|label|log-uri|no-pivot|null-io|platform|privileged|rdt-class|remap-labels|rm|rootfs-propagation|runc-binary|runc-root|runc-systemd-cgroup|runtime|runtime-config-path|seccomp|shim-cgroup|snapshotter|snapshotter-label|t|tty)$/;

/**
 * What `ctr run` and `ctr task exec` are given, in the words of Docker (containerd cmd/ctr/commands): options with one
 * dash or two, then an image, the name of the container and what is started in it.
 */
export function takeApartForCtr(verb: string, given: readonly LocatedText[]): TakenApart {
  const { options, rest } = optionsOf(given);
  if (verb === 'exec') return { options, command: rest };
  const [image, , ...words] = rest;
  const none = { name: 'network', value: { ...given[0], text: 'none' } };
  const hasNetwork = options.some(({ name }) => name === 'network');
  return {
    options: hasNetwork ? options : [...options, none],
    command: image === undefined ? [] : [image, ...words],
  };
}

interface TakenApart {
  readonly options: readonly Option[];
  readonly command: readonly LocatedText[];
}

function optionsOf(given: readonly LocatedText[]) {
  const options: Option[] = [];
  let rest = given;
  while (rest[0] !== undefined && /^-./.test(rest[0].text)) {
    const [word, next] = rest;
    const [name = '', attached] = word.text.replace(/^--?/, '').split(/=(.*)/s);
    const takesNext = attached === undefined && !withoutValue.test(name);
    const value = takesNext ? next : { ...word, text: attached ?? 'true' };
    if (value !== undefined && !harmless.test(name)) options.push(optionOf(name, value));
    rest = rest.slice(takesNext ? 2 : 1);
  }
  return { options, rest };
}

function optionOf(name: string, value: LocatedText): Option {
  const other = alike[name]?.(value.text);
  if (other !== undefined) return { name: other.name, value: { ...value, text: other.text } };
  const same = sameAs[name];
  return same === undefined ? { name, value } : { name: same, written: `--${name}`, value };
}
