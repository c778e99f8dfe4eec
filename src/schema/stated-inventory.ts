import { z } from 'zod';
import type { Preferences } from '../model/policy.ts';
import type {
  Inventory,
  InventoryClient,
  InventoryFlag,
  InventoryMember,
  InventoryValue,
  PathMap,
} from '../model/stated-inventory.ts';
import { type Complete, location, oneOf, severity, text, texts } from './basics.ts';

const value: z.ZodType<InventoryValue> = z.object({
  value: text,
  location,
} satisfies Complete<InventoryValue>);

const flag: z.ZodType<InventoryFlag> = z.object({
  name: text,
  value: text,
  location,
} satisfies Complete<InventoryFlag>);

const member: z.ZodType<InventoryMember> = z.object({
  name: text,
  cluster: text.exactOptional(),
  location,
  addresses: texts,
  hostnames: texts,
  reverseNames: z.record(text, texts).exactOptional(),
  etcdVersion: value.exactOptional(),
  goVersion: value.exactOptional(),
  settings: texts,
  flags: z.array(flag),
  guessed: z.boolean().exactOptional(),
  files: z.record(text, text),
} satisfies Complete<InventoryMember>);

const client: z.ZodType<InventoryClient> = z.object({
  name: text,
  cluster: text.exactOptional(),
  kind: text,
  location,
  endpoints: texts.exactOptional(),
  caFile: text.exactOptional(),
  certFile: text.exactOptional(),
  keyFile: text.exactOptional(),
  serverName: text.exactOptional(),
  insecureSkipVerify: z.boolean().exactOptional(),
  verifier: oneOf<InventoryClient['verifier']>()(['go', 'openssl']),
  speaks: oneOf<InventoryClient['speaks']>()(['grpc', 'gateway']),
  goVersion: text.exactOptional(),
  guessed: z.boolean().exactOptional(),
} satisfies Complete<InventoryClient>);

const map: z.ZodType<PathMap> = z.object({
  prefix: text,
  directory: text,
} satisfies Complete<PathMap>);

const config: z.ZodType<Preferences> = z.object({
  expiryWarningDays: z.number().positive().exactOptional(),
  maximumLeafLifetimeDays: z.number().positive().exactOptional(),
  failOn: severity.exactOptional(),
  skip: texts.exactOptional(),
  only: texts.exactOptional(),
} satisfies Complete<Preferences>);

/** The inventory as evidence holds it: read, and with paths taken relative to the current directory. */
export const statedInventory: z.ZodType<Inventory> = z.object({
  path: text,
  etcdVersion: value.exactOptional(),
  goVersion: value.exactOptional(),
  members: z.array(member),
  clients: z.array(client),
  maps: z.array(map),
  dns: z.record(text, texts),
  ignore: texts.exactOptional(),
  config,
} satisfies Complete<Inventory>);
