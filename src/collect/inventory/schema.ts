import { z } from 'zod';

const name = z.string().min(1).max(253);
const host = z.string().min(1).max(253);
const path = z.string().min(1);
const version = z
  .string()
  .regex(/^v?\d+(?:\.\d+){1,2}(?:[-+~].*)?$/, 'write a version such as "3.5.21", in quotes');
const url = z
  .string()
  .regex(/^(?:https?|unixs?):\/\/\S+$/, 'write a URL such as https://10.0.0.1:2379');
const flagValue = z.union([z.string(), z.boolean(), z.number(), z.array(z.string())]);

const guessed = z.boolean().exactOptional().meta({
  description: 'Written by `init` for a guess: remove this line once the entry is correct',
});

const member = z.strictObject({
  guessed,
  name: name.meta({ description: 'The value of --name, or any other unique name' }),
  addresses: z.array(host).exactOptional().meta({
    description: 'IP addresses at which the member is reached and from which it connects',
  }),
  hostnames: z
    .array(host)
    .exactOptional()
    .meta({ description: 'DNS names that peers and clients use for the member' }),
  reverseNames: z
    .record(host, z.array(host))
    .exactOptional()
    .meta({ description: 'Answers to PTR lookups of its addresses, which peers may check' }),
  clientUrls: z.array(url).exactOptional().meta({ description: '--advertise-client-urls' }),
  peerUrls: z.array(url).exactOptional().meta({ description: '--initial-advertise-peer-urls' }),
  etcdVersion: version.exactOptional(),
  goVersion: version.exactOptional(),
  settings: z
    .union([path, z.array(path)])
    .exactOptional()
    .meta({
      description:
        'Settings files of the member: unit, drop-in, environment file, etcd.conf.yml, manifest',
    }),
  flags: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, 'write the flag without dashes before it'),
      flagValue,
    )
    .exactOptional()
    .meta({ description: 'etcd flags, by name without dashes, that no settings file contains' }),
  files: z
    .record(path, path)
    .exactOptional()
    .meta({ description: 'Local file for each path in its settings' }),
});

const client = z.strictObject({
  guessed,
  name,
  kind: name
    .exactOptional()
    .meta({ description: 'Kind of client, such as etcdctl, kube-apiserver or flanneld' }),
  endpoints: z
    .array(z.string().min(1))
    .exactOptional()
    .meta({ description: 'URLs that the client connects to (default: every member)' }),
  caFile: path.exactOptional(),
  certFile: path.exactOptional(),
  keyFile: path.exactOptional(),
  serverName: host.exactOptional(),
  insecureSkipVerify: z.boolean().exactOptional(),
  verifier: z.enum(['go', 'openssl']).exactOptional().meta({
    description:
      'TLS library that verifies the server: Go unless the client is Python, Lua or curl',
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
    description: 'Name in reports; required if there are several clusters',
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
    .meta({ description: 'Local directory for each deployed path prefix, like --map' }),
  dns: z
    .record(host, z.array(host))
    .exactOptional()
    .meta({ description: 'DNS answers to use: name to addresses, address to names' }),
  config: config.exactOptional(),
};

const versionOne = z.strictObject({
  version: z.literal(1).meta({ description: 'Version 1: one cluster' }),
  ...common,
  members: z.array(member).exactOptional(),
  clients: z.array(client).exactOptional(),
});

const versionTwo = z.strictObject({
  version: z.literal(2).meta({ description: 'Version of this format' }),
  ...common,
  clusters: z
    .array(cluster)
    .exactOptional()
    .meta({ description: 'Clusters, each with its members and clients' }),
  ignore: z.array(path).exactOptional().meta({
    description: 'Files to ignore, by the end of their path: old.pem, old/*.env, **/backup/**',
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

/** The file as written, checked. */
export type InventoryFile = z.infer<typeof inventorySchema>;

/** What schemas/inventory.schema.json holds. */
export function inventoryJsonSchema(): object {
  return {
    $id: 'https://etcd-tls-audit.github.io/etcd-tls-audit/schemas/inventory.schema.json',
    title: 'etcd-tls.yaml, the inventory of etcd-tls-audit, version 2',
    ...z.toJSONSchema(inventorySchema, { io: 'input', reused: 'ref' }),
  };
}
