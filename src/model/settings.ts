import type { Location } from './target.ts';

export type { MemberSettings, TlsSettings } from '../schema/member-settings.ts';
export type {
  AssumedSetting,
  EnvironmentVariable,
  LocatedText,
  SettingsSource,
} from '../schema/settings.ts';

/** A configured value and where it was configured. */
export interface Setting<Value> {
  readonly value: Value;
  readonly origin: Origin;
}

export interface Origin {
  /** `assumed`: no file says so; the value is what the tool supposes, and `because` says why. */
  readonly via: 'flag' | 'environment' | 'config-file' | 'inventory' | 'default' | 'assumed';
  readonly location?: Location;
  /** The name as written: `ETCD_CERT_FILE`, `--cert-file`, `client-transport-security.cert-file`. */
  readonly name?: string;
  readonly because?: string;
  /** Set where the value is not known, and names what may set it. */
  readonly isPlace?: true;
}

/** One entry of `initial-cluster`. */
export interface ListedPeer {
  readonly name: string;
  readonly url: string;
  /** The name with the blanks around it, which etcd takes as part of it. */
  readonly written?: string;
}

/** YAML or JSON with the place of every value. Duplicate keys are kept: Go's decoder takes the last. */
export type DocumentNode = { readonly location: Location } & (
  | {
      readonly kind: 'scalar';
      readonly value: string | number | boolean | null;
      /** What a reader that wants text sees, where that is not the value: `0x1f` is `31` to Go. */
      readonly asText?: string;
      /** Set for a text that is line for line below its key. */
      readonly isBlock?: boolean;
    }
  | { readonly kind: 'list'; readonly items: readonly DocumentNode[] }
  | { readonly kind: 'map'; readonly entries: readonly DocumentEntry[] }
);

export interface DocumentEntry {
  readonly key: string;
  /** Where the key is. */
  readonly location: Location;
  readonly value: DocumentNode;
}
