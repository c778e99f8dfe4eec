import { z } from 'zod';
import type { Client, FileMatch, Guess, Member } from '../../model/inventory.ts';
import type { MemberSettings, TlsSettings } from '../../model/settings.ts';
import { location, oneOf, setting, target, text, texts } from '../../schema/basics.ts';
import {
  problemReasons,
  problemValues,
  settingsProblemKinds,
  type SettingsProblem,
} from '../../model/settings-problem.ts';

const textSetting = setting(text).exactOptional();
const textsSetting = setting(texts).exactOptional();
const flagSetting = setting(z.boolean()).exactOptional();

const tlsSettings: z.ZodType<TlsSettings> = z.looseObject({
  certFile: textSetting,
  keyFile: textSetting,
  trustedCaFile: textSetting,
  caFile: textSetting,
  clientCertAuth: flagSetting,
  autoTls: flagSetting,
  crlFile: textSetting,
  clientCertFile: textSetting,
  clientKeyFile: textSetting,
  allowedCns: textsSetting,
  allowedHostnames: textsSetting,
  skipClientSanVerification: flagSetting,
});

const memberSettings: z.ZodType<MemberSettings> = z.looseObject({
  name: textSetting,
  dataDir: textSetting,
  listenClientUrls: setting(texts),
  advertiseClientUrls: setting(texts),
  listenPeerUrls: setting(texts),
  initialAdvertisePeerUrls: setting(texts),
  initialCluster: setting(z.array(z.looseObject({ name: text, url: text }))).exactOptional(),
  initialClusterToken: textSetting,
  initialClusterState: textSetting,
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
  logger: textSetting,
  logLevel: textSetting,
  hostWhitelist: textsSetting,
  selfSignedCertValidity: setting(z.number()).exactOptional(),
  setMemberLocalAddress: flagSetting,
  configFile: textSetting,
  processEnvironment: z.record(text, setting(text)),
});

const problem: z.ZodType<SettingsProblem> = z.looseObject({
  kind: z.enum(settingsProblemKinds),
  why: z.enum(problemReasons),
  location: location.exactOptional(),
  name: text,
  values: z.partialRecord(z.enum(problemValues), text).exactOptional(),
  etcdSays: text.exactOptional(),
});

const fileMatch: z.ZodType<FileMatch> = z.looseObject({
  deployed: text,
  file: text.exactOptional(),
  missing: z.literal(true).exactOptional(),
  instead: z.enum(['directory', 'not-a-directory']).exactOptional(),
  by: oneOf<NonNullable<FileMatch['by']>>()(['name', 'several']).exactOptional(),
  because: text,
});

export const member: z.ZodType<Member> = z.looseObject({
  name: text,
  host: text.exactOptional(),
  cluster: text.exactOptional(),
  target,
  known: oneOf<Member['known']>()(['settings', 'supposed', 'named', 'listed']),
  excerpts: texts.exactOptional(),
  addresses: texts,
  hostnames: texts,
  mayBeMapped: z.literal(true).exactOptional(),
  reverseNames: z.record(text, texts).exactOptional(),
  forwardAddresses: z.record(text, texts).exactOptional(),
  settings: memberSettings,
  problems: z.array(problem),
  files: z.array(fileMatch),
  etcdVersion: setting(text),
  goVersion: setting(text),
});

export const client: z.ZodType<Client> = z.looseObject({
  name: text,
  kind: text,
  host: text.exactOptional(),
  cluster: text.exactOptional(),
  target,
  known: oneOf<Client['known']>()(['settings', 'supposed']),
  origin: location,
  endpoints: setting(texts),
  caFile: textSetting,
  certFile: textSetting,
  keyFile: textSetting,
  serverName: textSetting,
  insecureSkipVerify: flagSetting,
  verifier: oneOf<Client['verifier']>()(['go', 'openssl']),
  goVersion: setting(text),
  speaks: oneOf<Client['speaks']>()(['grpc', 'gateway']),
  problems: z.array(problem),
  files: z.array(fileMatch),
});

export const guess: z.ZodType<Guess> = z.looseObject({
  about: text,
  conclusion: text,
  because: text,
  owner: text.exactOptional(),
  ambiguous: z.boolean(),
});
