import { z } from 'zod';
import type {
  BareProbe,
  Container,
  ProcessNetwork,
  RequestedName,
  StartedProcess,
  StatedClient,
  MemberDraft,
  Mount,
  StatedSettings,
} from '../model/draft.ts';
import type { NotUnderstood } from '../model/evidence.ts';
import type {
  AssumedSetting,
  DocumentNode,
  EnvironmentVariable,
  LocatedText,
  SettingsSource,
} from '../model/settings.ts';
import { type Complete, location, oneOf, setting, text, texts } from './basics.ts';
import {
  problemReasons,
  problemValues,
  settingsProblemKinds,
  type SettingsProblem,
} from '../model/settings-problem.ts';

const textSetting = setting(text).exactOptional();

/** Reports let through what a later release adds; evidence is what this one knows. */
export const problemFields = {
  kind: z.enum(settingsProblemKinds),
  why: z.enum(problemReasons),
  location: location.exactOptional(),
  name: text,
  values: z.partialRecord(z.enum(problemValues), text).exactOptional(),
  etcdSays: text.exactOptional(),
} satisfies Complete<SettingsProblem>;

const problem: z.ZodType<SettingsProblem> = z.object(problemFields);

const located: z.ZodType<LocatedText> = z.object({
  text,
  location: location.exactOptional(),
} satisfies Complete<LocatedText>);

const variable: z.ZodType<EnvironmentVariable> = z.object({
  name: text,
  value: text,
  location: location.exactOptional(),
} satisfies Complete<EnvironmentVariable>);

/** Deeper documents are no settings, and would end in an overflow of the stack. */
const deepest = 200;

export const documentNode = nodeOf(deepest);

function nodeOf(depth: number): z.ZodType<DocumentNode> {
  return z.lazy(() => {
    if (depth === 0) return z.never();
    const value = nodeOf(depth - 1);
    return z.discriminatedUnion('kind', [
      z.object({
        location,
        kind: z.literal('scalar'),
        value: z.union([text, z.number(), z.boolean(), z.null()]),
        asText: text.exactOptional(),
        isBlock: z.boolean().exactOptional(),
      }),
      z.object({ location, kind: z.literal('list'), items: z.array(value) }),
      z.object({
        location,
        kind: z.literal('map'),
        entries: z.array(z.object({ key: text, location, value })),
      }),
    ]);
  });
}

const assumed: z.ZodType<AssumedSetting> = z.object({
  name: text,
  value: text,
  because: text,
} satisfies Complete<AssumedSetting>);

const source: z.ZodType<SettingsSource> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('flags'), arguments: z.array(located) }),
  z.object({ kind: z.literal('environment'), variables: z.array(variable) }),
  z.object({
    kind: z.literal('config-file'),
    path: text,
    document: documentNode.exactOptional(),
    unreadable: z.object({ error: text, location }).exactOptional(),
  }),
  z.object({ kind: z.literal('assumed'), settings: z.array(assumed) }),
]);

const mount: z.ZodType<Mount> = z.object({
  inside: text,
  joinsNames: z.literal(true).exactOptional(),
  from: oneOf<Mount['from']>()([
    'host',
    'secret',
    'config-map',
    'other',
    'written',
    'empty',
    'inaccessible',
  ]),
  source: text,
  mode: z.int().exactOptional(),
  location: location.exactOptional(),
  name: text.exactOptional(),
} satisfies Complete<Mount>);

const container: z.ZodType<Container> = z.object({
  image: text.exactOptional(),
} satisfies Complete<Container>);

const network: z.ZodType<ProcessNetwork> = z.object({
  of: text,
  machine: text.exactOptional(),
  isHost: z.literal(true).exactOptional(),
} satisfies Complete<ProcessNetwork>);

const bareProbe: z.ZodType<BareProbe> = z.object({
  name: text,
  by: oneOf<BareProbe['by']>()(['kubelet', 'curl', 'wget', 'Nomad']),
  scheme: oneOf<BareProbe['scheme']>()(['http', 'https', 'grpc', 'tcp']),
  host: text.exactOptional(),
  isOther: z.literal(true).exactOptional(),
  port: text,
  neighbours: oneOf<NonNullable<BareProbe['neighbours']>>()(['none', 'stated']).exactOptional(),
  failure: z.literal('unknown').exactOptional(),
  location,
} satisfies Complete<BareProbe>);

const requestedName: z.ZodType<RequestedName> = z.object({
  role: oneOf<RequestedName['role']>()(['server', 'peer']),
  name: text,
  setting: text,
  location,
} satisfies Complete<RequestedName>);

const member: z.ZodType<MemberDraft> = z.object({
  kind: text,
  origin: location,
  files: texts,
  name: text.exactOptional(),
  host: text.exactOptional(),
  sources: z.array(source),
  mounts: z.array(mount),
  directives: z.array(variable).exactOptional(),
  container: container.exactOptional(),
  addresses: texts,
  hostnames: texts,
  etcdVersion: textSetting,
  partial: z.boolean(),
  missingFiles: texts,
  runs: z.literal(true).exactOptional(),
  superseded: z.array(location).exactOptional(),
  requestedNames: z.array(requestedName).exactOptional(),
  problems: z.array(problem),
  network: network.exactOptional(),
  bareProbes: z.array(bareProbe).exactOptional(),
  unseenPrograms: texts.exactOptional(),
  untried: texts.exactOptional(),
  optional: texts.exactOptional(),
} satisfies Complete<MemberDraft>);

const startedProcess: z.ZodType<StartedProcess> = z.object({
  kind: text,
  partial: z.boolean(),
  directives: z.array(variable).exactOptional(),
  container: container.exactOptional(),
} satisfies Complete<StartedProcess>);

export const clientFields = {
  name: text,
  kind: text,
  host: text.exactOptional(),
  origin: location,
  endpoints: setting(texts),
  caFile: textSetting,
  certFile: textSetting,
  keyFile: textSetting,
  serverName: textSetting,
  insecureSkipVerify: setting(z.boolean()).exactOptional(),
  verifier: oneOf<StatedClient['verifier']>()(['go', 'openssl']),
  speaks: oneOf<StatedClient['speaks']>()(['grpc', 'gateway']),
};

const client: z.ZodType<StatedClient> = z.object({
  ...clientFields,
  isOfEtcd: z.union([z.literal(false), z.literal('by-address')]).exactOptional(),
  problems: z.array(problem),
  mounts: z.array(mount),
  process: startedProcess.exactOptional(),
  network: network.exactOptional(),
  embedded: texts,
} satisfies Complete<StatedClient>);

export const notUnderstood: z.ZodType<NotUnderstood> = z.object({
  path: text,
  line: z.int().positive().exactOptional(),
  reason: text,
  atFirstStartOf: location.exactOptional(),
  isUnused: z.literal(true).exactOptional(),
  give: text.exactOptional(),
} satisfies Complete<NotUnderstood>);

export const drafts: z.ZodType<StatedSettings> = z.object({
  members: z.array(member),
  clients: z.array(client),
} satisfies Complete<StatedSettings>);
