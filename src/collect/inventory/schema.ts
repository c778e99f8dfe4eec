import { z } from 'zod';

const name = z.string().min(1).max(253);
const host = z.string().min(1).max(253);
const path = z.string().min(1);
const version = z
  .string()
  .regex(/^v?\d+(?:\.\d+){1,2}/, 'write a version such as "3.5.21", in quotes');
const url = z
  .string()
  .regex(/^(?:https?|unixs?):\/\/\S+$/, 'write a URL such as https://10.0.0.1:2379');
const flagValue = z.union([z.string(), z.boolean(), z.number(), z.array(z.string())]);

const guessed = z.boolean().exactOptional().meta({
  description: 'What `init` guessed: supposed and not stated until this line is removed',
});

const member = z.strictObject({
  guessed,
  name: name.meta({ description: 'As --name says, or any name that tells members apart' }),
  addresses: z
    .array(host)
    .exactOptional()
    .meta({ description: 'IP addresses at which it is reached and from which it dials' }),
  hostnames: z.array(host).exactOptional().meta({ description: 'Names under which it is dialled' }),
  reverseNames: z
    .record(host, z.array(host))
    .exactOptional()
    .meta({ description: 'What PTR lookups of its addresses answer: peers may look there' }),
  clientUrls: z.array(url).exactOptional().meta({ description: '--advertise-client-urls' }),
  peerUrls: z.array(url).exactOptional().meta({ description: '--initial-advertise-peer-urls' }),
  etcdVersion: version.exactOptional(),
  goVersion: version.exactOptional(),
  settings: z
    .union([path, z.array(path)])
    .exactOptional()
    .meta({
      description: 'Its settings files: unit, drop-in, environment file, etcd.conf.yml, manifest',
    }),
  flags: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, 'write the flag without dashes before it'),
      flagValue,
    )
    .exactOptional()
    .meta({ description: 'Flags of etcd by name without dashes, for what no settings file says' }),
  files: z
    .record(path, path)
    .exactOptional()
    .meta({ description: 'Which given file stands for a path in its settings' }),
});

const client = z.strictObject({
  guessed,
  name,
  kind: name.exactOptional().meta({ description: 'Such as etcdctl, kube-apiserver or flanneld' }),
  endpoints: z
    .array(z.string().min(1))
    .exactOptional()
    .meta({ description: 'What it dials; every member where absent' }),
  caFile: path.exactOptional(),
  certFile: path.exactOptional(),
  keyFile: path.exactOptional(),
  serverName: host.exactOptional(),
  insecureSkipVerify: z.boolean().exactOptional(),
  verifier: z.enum(['go', 'openssl']).exactOptional().meta({
    description: 'Whose rules judge the server: Go unless the client is Python, Lua or curl',
  }),
  speaks: z.enum(['grpc', 'gateway']).exactOptional(),
  goVersion: version.exactOptional(),
});

const config = z.strictObject({
  expiryWarningDays: z.int().positive().exactOptional(),
  maximumLeafLifetimeDays: z.int().positive().exactOptional(),
  failOn: z.enum(['critical', 'high', 'medium', 'low', 'info']).exactOptional(),
  skip: z.array(z.string()).exactOptional(),
  only: z.array(z.string()).exactOptional(),
});

const cluster = z.strictObject({
  name: name.exactOptional().meta({
    description: 'What reports call it; needed where there are several clusters',
  }),
  members: z.array(member).exactOptional(),
  clients: z.array(client).exactOptional(),
});

const common = {
  etcdVersion: version.exactOptional(),
  goVersion: version.exactOptional(),
  maps: z
    .record(path, path)
    .exactOptional()
    .meta({ description: 'Where deployed paths that begin so are here, as --map' }),
  dns: z
    .record(host, z.array(host))
    .exactOptional()
    .meta({ description: 'DNS answers to take as given: name to addresses, address to names' }),
  config: config.exactOptional(),
};

const versionOne = z.strictObject({
  version: z.literal(1).meta({ description: 'The first format: one cluster' }),
  ...common,
  members: z.array(member).exactOptional(),
  clients: z.array(client).exactOptional(),
});

const versionTwo = z.strictObject({
  version: z.literal(2).meta({ description: 'Of this format' }),
  ...common,
  clusters: z
    .array(cluster)
    .exactOptional()
    .meta({ description: 'The clusters, each with its members and clients' }),
  ignore: z.array(path).exactOptional().meta({
    description:
      'Files that change nothing, by the end of their path: old.pem, old/*.env, **/backup/**',
  }),
});

/** What etcd-tls.yaml may hold. */
export const inventorySchema = z.discriminatedUnion('version', [versionTwo, versionOne]);

/** The version that a file was meant for, whatever it says or leaves out: by where it has its members. */
export function closestVersion(content: unknown): z.ZodType {
  const keys = z.looseObject({ version: z.unknown().optional() }).safeParse(content).data;
  if (keys?.version === 1 || keys?.version === 2) return inventorySchema;
  const isOne = keys !== undefined && ('members' in keys || 'clients' in keys);
  const meant = isOne ? versionOne : versionTwo;
  return meant.extend({ version: z.literal([1, 2]) });
}

/** The file as it stands, checked. */
export type InventoryFile = z.infer<typeof inventorySchema>;

/** What schemas/inventory.schema.json holds. */
export function inventoryJsonSchema(): object {
  return {
    $id: 'https://etcd-tls-audit.github.io/etcd-tls-audit/schemas/inventory.schema.json',
    title: 'etcd-tls.yaml, the inventory of etcd-tls-audit, version 2',
    ...z.toJSONSchema(inventorySchema, { io: 'input', reused: 'ref' }),
  };
}
