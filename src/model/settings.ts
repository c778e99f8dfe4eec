import type { Location } from './target.ts';

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
}

/** The TLS settings of one of a member's two listeners, after etcd's own precedence. */
export interface TlsSettings {
  readonly certFile?: Setting<string>;
  readonly keyFile?: Setting<string>;
  readonly trustedCaFile?: Setting<string>;
  /** `--ca-file` of etcd 3.3 and earlier where `--trusted-ca-file` is set too: the CAs of both are trusted. */
  readonly caFile?: Setting<string>;
  readonly clientCertAuth?: Setting<boolean>;
  readonly autoTls?: Setting<boolean>;
  readonly crlFile?: Setting<string>;
  /** The certificate etcd shows when it dials: the gateway to itself, or a member to its peers (3.5+). */
  readonly clientCertFile?: Setting<string>;
  readonly clientKeyFile?: Setting<string>;
  readonly allowedCns?: Setting<readonly string[]>;
  readonly allowedHostnames?: Setting<readonly string[]>;
  readonly skipClientSanVerification?: Setting<boolean>;
}

/** One entry of `initial-cluster`. */
export interface ListedPeer {
  readonly name: string;
  readonly url: string;
  /** The name with the blanks around it, which etcd takes as part of it. */
  readonly written?: string;
}

/** The TLS settings of one etcd process. */
export interface MemberSettings {
  readonly name?: Setting<string>;
  readonly dataDir?: Setting<string>;
  readonly listenClientUrls: Setting<readonly string[]>;
  readonly advertiseClientUrls: Setting<readonly string[]>;
  readonly listenPeerUrls: Setting<readonly string[]>;
  readonly initialAdvertisePeerUrls: Setting<readonly string[]>;
  /** Member name to peer URLs. */
  readonly initialCluster?: Setting<readonly ListedPeer[]>;
  /** Given only to the members of one cluster: it is a part of the cluster's id. */
  readonly initialClusterToken?: Setting<string>;
  /** `new` or `existing`. */
  readonly initialClusterState?: Setting<string>;
  /** A discovery URL (until 3.6) or token (since 3.6), instead of `initialCluster`. */
  readonly discovery?: Setting<string>;
  readonly listenMetricsUrls?: Setting<readonly string[]>;
  readonly listenClientHttpUrls?: Setting<readonly string[]>;
  readonly client: TlsSettings;
  readonly peer: TlsSettings;
  readonly cipherSuites?: Setting<readonly string[]>;
  readonly tlsMinVersion?: Setting<string>;
  readonly tlsMaxVersion?: Setting<string>;
  readonly enableGrpcGateway?: Setting<boolean>;
  readonly enablePprof?: Setting<boolean>;
  readonly enableV2?: Setting<boolean>;
  readonly authToken?: Setting<string>;
  readonly discoverySrv?: Setting<string>;
  /** `capnslog` or `zap`: which words the log is in. */
  readonly logger?: Setting<string>;
  /** `debug` opens pprof and trace pages on the client port. */
  readonly logLevel?: Setting<string>;
  readonly hostWhitelist?: Setting<readonly string[]>;
  /** Years; 0 stops an etcd with auto-tls. */
  readonly selfSignedCertValidity?: Setting<number>;
  /** Feature gate (3.6+): outgoing peer connections leave from the advertised peer address. */
  readonly setMemberLocalAddress?: Setting<boolean>;
  /** The configuration file, which switches off flags and environment. */
  readonly configFile?: Setting<string>;
  /** Variables of the process that Go itself reads: `GODEBUG`, `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`… */
  readonly processEnvironment: Readonly<Record<string, Setting<string>>>;
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
