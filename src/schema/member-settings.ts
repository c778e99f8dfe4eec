import { z } from 'zod';
import type { ListedPeer } from '../model/settings.ts';
import { type Plain, setting, text, texts } from './basics.ts';

const textSetting = setting(text).exactOptional();
const textsSetting = setting(texts).exactOptional();
const flagSetting = setting(z.boolean()).exactOptional();

/** The TLS settings of one of a member's two listeners, after etcd's own precedence. */
export type TlsSettings = Plain<typeof tlsSettings>;
const tlsSettings = z.looseObject({
  certFile: textSetting,
  keyFile: textSetting,
  trustedCaFile: textSetting,
  /** `--ca-file` of etcd 3.3 and earlier where `--trusted-ca-file` is set too: the CAs of both are trusted. */
  caFile: textSetting,
  clientCertAuth: flagSetting,
  autoTls: flagSetting,
  crlFile: textSetting,
  /** The certificate etcd shows when it dials: the gateway to itself, or a member to its peers (3.5+). */
  clientCertFile: textSetting,
  clientKeyFile: textSetting,
  allowedCns: textsSetting,
  allowedHostnames: textsSetting,
  skipClientSanVerification: flagSetting,
});

const listedPeer: z.ZodType<ListedPeer> = z.looseObject({ name: text, url: text });

/** The TLS settings of one etcd process. */
export type MemberSettings = Plain<typeof memberSettings>;
export const memberSettings = z.looseObject({
  name: textSetting,
  dataDir: textSetting,
  listenClientUrls: setting(texts),
  advertiseClientUrls: setting(texts),
  listenPeerUrls: setting(texts),
  initialAdvertisePeerUrls: setting(texts),
  /** Member name to peer URLs. */
  initialCluster: setting(z.array(listedPeer)).exactOptional(),
  /** Given only to the members of one cluster: it is a part of the cluster's id. */
  initialClusterToken: textSetting,
  /** `new` or `existing`. */
  initialClusterState: textSetting,
  /** A discovery URL (until 3.6) or token (since 3.6), instead of `initialCluster`. */
  discovery: textSetting,
  listenMetricsUrls: textsSetting,
  listenClientHttpUrls: textsSetting,
  client: tlsSettings,
  peer: tlsSettings,
  cipherSuites: textsSetting,
  tlsMinVersion: textSetting,
  tlsMaxVersion: textSetting,
  enableGrpcGateway: flagSetting,
  enablePprof: flagSetting,
  enableV2: flagSetting,
  authToken: textSetting,
  discoverySrv: textSetting,
  /** `capnslog` or `zap`: which words the log is in. */
  logger: textSetting,
  /** `debug` opens pprof and trace pages on the client port. */
  logLevel: textSetting,
  hostWhitelist: textsSetting,
  /** Years; 0 stops an etcd with auto-tls. */
  selfSignedCertValidity: setting(z.number()).exactOptional(),
  /** Feature gate (3.6+): outgoing peer connections leave from the advertised peer address. */
  setMemberLocalAddress: flagSetting,
  /** The configuration file, which switches off flags and environment. */
  configFile: textSetting,
  /** Variables of the process that Go itself reads: `GODEBUG`, `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`… */
  processEnvironment: z.record(text, setting(text)),
});
