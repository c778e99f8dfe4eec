import type { MemberDraft, Mount, NotUnderstood, StatedClient } from '../schema/settings.ts';
import type { Setting } from './settings.ts';

export type {
  BareProbe,
  Container,
  MemberDraft,
  Mount,
  ProcessNetwork,
  RequestedName,
  StartedProcess,
  StatedClient,
  StatedSettings,
} from '../schema/settings.ts';

/** The name of the form in which settings are written, e.g. `systemd`; each has a file in `collect/settings/forms`. */
export type SettingsKind = string;

/** A text file given by the operator, by the path as typed. */
export interface TextFile {
  readonly path: string;
  /** Without the byte order mark that it may begin with. */
  readonly text: string;
  readonly hasByteOrderMark?: true;
}

/** What the readers of settings files make of them. */
export interface SettingsDrafts {
  readonly members: readonly MemberDraft[];
  readonly clients: readonly ClientDraft[];
  /** What looks like settings and could not be read as such. */
  readonly notUnderstood: readonly UnreadText[];
  /** Certificates, keys and the like that files of settings write to a host. */
  readonly embedded: readonly TextFile[];
}

/** Text that looks like settings and could not be read as such. */
export interface UnreadText extends NotUnderstood {
  /** Set when the file breaks the syntax that it is written in: naming such a file is wrong usage. */
  readonly malformed?: true;
}

/** What a settings file says of something that dials members. */
export interface ClientDraft extends Omit<StatedClient, 'embedded'> {
  /** PEM written into the settings themselves; the settings above name it by this path. */
  readonly embedded: readonly TextFile[];
  /** The domain whose SRV records are the endpoints. */
  readonly discoverySrv?: Setting<string>;
  /** Set where the endpoints are proxies of etcd. */
  readonly proxies?: Setting<string>;
}

const holders: Partial<Record<Mount['from'], string>> = {
  host: '',
  secret: 'secret/',
  'config-map': 'configmap/',
};

/** What is mounted, by the path under which it is given; undefined where its content is not known. */
export function sourceOf({ from, source }: Mount): string | undefined {
  const holder = holders[from];
  return holder === undefined ? undefined : `${holder}${source}`.replace(/(?<!\/)\/+$/, '');
}

/** Whether a path is that of a directory or leads into it. */
export function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
