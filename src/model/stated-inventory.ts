import type { Preferences } from './policy.ts';
import type { AssumedSetting } from './settings.ts';
import type { Location } from './target.ts';

/** `--map PREFIX=DIRECTORY`: where deployed paths that begin with the prefix are here. */
export interface PathMap {
  readonly prefix: string;
  readonly directory: string;
}

/** What should be, as the operator wrote it down; paths already taken relative to the current directory. */
export interface Inventory {
  readonly path: string;
  readonly etcdVersion?: InventoryValue;
  readonly goVersion?: InventoryValue;
  readonly members: readonly InventoryMember[];
  readonly clients: readonly InventoryClient[];
  readonly maps: readonly PathMap[];
  /** Names to addresses, and addresses to names, as DNS would answer. */
  readonly dns: Readonly<Record<string, readonly string[]>>;
  /** Patterns of paths that change nothing; see `ignoringPattern`. */
  readonly ignore?: readonly string[];
  /** The `config` section. */
  readonly config: Preferences;
}

export interface InventoryValue {
  readonly value: string;
  readonly location: Location;
}

export interface InventoryMember {
  readonly name: string;
  /** The cluster that it is listed in, where the inventory lists several. */
  readonly cluster?: string;
  readonly location: Location;
  readonly addresses: readonly string[];
  readonly hostnames: readonly string[];
  readonly reverseNames?: Readonly<Record<string, readonly string[]>>;
  readonly etcdVersion?: InventoryValue;
  readonly goVersion?: InventoryValue;
  /** Settings files that describe this member. */
  readonly settings: readonly string[];
  /** etcd's flags by name, URLs among them, for what no settings file says. */
  readonly flags: readonly InventoryFlag[];
  /** Set until the operator confirms what `init` wrote: the member is assumed then, not stated. */
  readonly guessed?: boolean;
  /** Deployed path to given file. */
  readonly files: Readonly<Record<string, string>>;
}

export interface InventoryFlag extends Pick<AssumedSetting, 'name' | 'value'> {
  readonly location: Location;
}

export interface InventoryClient {
  readonly name: string;
  /** The cluster that it is listed in, where the inventory lists several. */
  readonly cluster?: string;
  readonly kind: string;
  readonly location: Location;
  /** Every member's client URLs where none are given. */
  readonly endpoints?: readonly string[];
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
  readonly verifier: 'go' | 'openssl';
  readonly speaks: 'grpc' | 'gateway';
  readonly goVersion?: string;
  /** Set until the operator confirms what `init` wrote: the client is assumed then, not stated. */
  readonly guessed?: boolean;
}
