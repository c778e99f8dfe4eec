import { readStatedValues } from '../../etcd/read-member-settings.ts';
import { etcdVersion, supposedVersion } from '../../etcd/version.ts';
import type { AssumedSetting, SettingsSource } from '../../model/settings.ts';

const decideListeners =
  /^(?:config-file|listen-\w+-urls|advertise-client-urls|initial-advertise-peer-urls|initial-cluster|(?:peer-)?(?:cert-file|key-file|trusted-ca-file|ca-file|client-cert-auth|auto-tls))$/;

/** Whether sources state anything of how etcd listens. */
export function statesListeners(sources: readonly SettingsSource[]): boolean {
  const isReadFile = fileOf(sources)?.isRead ?? true;
  const names = [...stated(sources).keys()].filter((name) => isReadFile || name !== 'config-file');
  return names.some((name) => decideListeners.test(name));
}

/**
 * What unknown arguments may set: TLS with unknown files. Nothing is then concluded from the absence of these
 * settings.
 */
export function supposedUnseen(
  sources: readonly SettingsSource[],
  unseen: readonly string[],
): readonly SettingsSource[] {
  const [place] = unseen;
  // With a configuration file, etcd ignores other arguments.
  if (place === undefined || fileOf(sources)?.isRead === true) return [];
  const known = stated(sources);
  const settings = (['client', 'peer'] as const).flatMap((listener) => {
    const prefix = listener === 'peer' ? 'peer-' : '';
    const urls = String(known.get(`listen-${listener}-urls`)?.value ?? '');
    const isSettled =
      /^http:[^,]*(?:,http:[^,]*)*,?$/.test(urls) || known.get(`${prefix}auto-tls`)?.value === true;
    return isSettled ? [] : tlsOf(prefix, place);
  });
  return [{ kind: 'assumed', settings }];
}

function tlsOf(prefix: '' | 'peer-', place: string): readonly AssumedSetting[] {
  const because = `${place} may set this, and was not given`;
  const unknown = { value: place, because, isPlace: true } as const;
  return [
    { name: `${prefix}cert-file`, ...unknown },
    { name: `${prefix}key-file`, ...unknown },
    { name: `${prefix}trusted-ca-file`, ...unknown },
    { name: `${prefix}client-cert-auth`, value: 'true', because },
  ];
}

/** A configuration file, and whether what is in it is known. */
function fileOf(sources: readonly SettingsSource[]): { readonly isRead: boolean } | undefined {
  const file = sources.find((source) => source.kind === 'config-file');
  if (file === undefined) return undefined;
  return { isRead: file.document !== undefined || file.unreadable !== undefined };
}

function stated(sources: readonly SettingsSource[]) {
  return readStatedValues(sources, etcdVersion(supposedVersion));
}
