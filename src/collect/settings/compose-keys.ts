import type { UnreadText } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { table } from '../../model/table.ts';
import { whyOptionOpen } from './container-options.ts';
import { at, entriesOf, locatedTexts, textOf } from './document.ts';
import { notJudgedAt } from './unread-at.ts';

/** Keys of a service that are read elsewhere, and those that change nothing of what is judged. */
const known = new Set(
  [
    // Read as commands, variables, users, networks and files.
    'build cap_add cap_drop command configs container_name depends_on entrypoint env_file environment expose extends',
    'group_add healthcheck hostname image network_mode networks ports secrets tmpfs user volumes working_dir',
    // How much it may use, and what else it has of the host.
    'annotations attach blkio_config cgroup cgroup_parent cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period',
    'cpu_rt_runtime cpu_shares cpus cpuset credential_spec deploy device_cgroup_rules devices dns dns_opt dns_search',
    'domainname gpus init ipc isolation label_file labels logging mac_address mem_limit mem_reservation',
    'mem_swappiness memswap_limit models oom_kill_disable oom_score_adj pid pids_limit platform privileged',
    'pull_policy pull_refresh_after read_only runtime scale shm_size storage_opt sysctls ulimits use_api_socket',
    'umask uts',
    // When it starts and ends, and what clients of it are told.
    'develop external_links extra_hosts links pre_stop profiles restart stdin_open stop_grace_period stop_signal tty',
    // Judged below.
    'post_start pre_start provider security_opt userns_mode volumes_from',
  ].flatMap((line) => line.split(' ')),
);

/** Whether the Compose Specification has a key, of any of its versions. */
export function isKnownKey(key: string): boolean {
  return known.has(key) || key.startsWith('x-');
}

/**
 * What a service says that may change what etcd reads or who reaches it, and of which no more than that is understood
 * (https://github.com/compose-spec/compose-spec/blob/main/05-services.md).
 */
export function notReadOf(service: DocumentNode): readonly UnreadText[] {
  return entriesOf(service).flatMap(({ key, value, location }) => {
    const reason = isKnownKey(key) ? whyNotRead(key, value) : `a service has no key ${key}`;
    if (reason === undefined) return [];
    const { file: path, line } = location;
    return [notJudgedAt(path, line, reason)];
  });
}

function whyNotRead(key: string, value: DocumentNode): string | undefined {
  const name = optionOf[key];
  if (name !== undefined) {
    return locatedTexts(value)
      .map((each) => whyOptionOpen({ name, value: each }))
      .find((reason) => reason !== undefined);
  }
  switch (key) {
    case 'post_start':
    case 'pre_start':
      return `what ${key} runs is not read`;
    case 'scale':
      return whyCountOpen(value);
    case 'deploy':
      return whyCountOpen(at(value, 'replicas'));
    case 'provider':
      return 'its provider starts the service, which is not a container';
    default:
      return undefined;
  }
}

/** A number that a variable sets is one where its default is. */
function whyCountOpen(count: DocumentNode | undefined): string | undefined {
  const text = textOf(count)?.replace(/^\$\{\w+:?-(\d+)\}$/, '$1');
  return text === undefined ? undefined : whyOptionOpen({ name: 'replicas', value: { text } });
}

/** The options of `docker run` that keys stand for, of those that leave something open. */
const optionOf = table<string>({
  network_mode: 'network',
  security_opt: 'security-opt',
  userns_mode: 'userns',
  volumes_from: 'volumes-from',
});
