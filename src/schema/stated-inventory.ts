import { z } from 'zod';
import type { Preferences } from '../model/policy.ts';
import { type Complete, location, type Plain, severity, text, texts } from './basics.ts';

export type InventoryValue = Plain<typeof value>;
const value = z.object({ value: text, location });

export type InventoryFlag = Plain<typeof flag>;
const flag = z.object({ name: text, value: text, location });

export type InventoryMember = Plain<typeof member>;
const member = z.object({
  name: text,
  /** The cluster that it is listed in, where the inventory lists several. */
  cluster: text.exactOptional(),
  location,
  addresses: texts,
  hostnames: texts,
  reverseNames: z.record(text, texts).exactOptional(),
  etcdVersion: value.exactOptional(),
  goVersion: value.exactOptional(),
  /** Settings files that describe this member. */
  settings: texts,
  /** etcd's flags by name, URLs among them, for what no settings file says. */
  flags: z.array(flag),
  /** Set until the operator confirms what `init` wrote: the member is assumed then, not stated. */
  guessed: z.boolean().exactOptional(),
  /** Deployed path to given file. */
  files: z.record(text, text),
});

export type InventoryClient = Plain<typeof client>;
const client = z.object({
  name: text,
  /** The cluster that it is listed in, where the inventory lists several. */
  cluster: text.exactOptional(),
  kind: text,
  location,
  /** Every member's client URLs where none are given. */
  endpoints: texts.exactOptional(),
  caFile: text.exactOptional(),
  certFile: text.exactOptional(),
  keyFile: text.exactOptional(),
  serverName: text.exactOptional(),
  insecureSkipVerify: z.boolean().exactOptional(),
  verifier: z.literal(['go', 'openssl']),
  speaks: z.literal(['grpc', 'gateway']),
  goVersion: text.exactOptional(),
  /** Set until the operator confirms what `init` wrote: the client is assumed then, not stated. */
  guessed: z.boolean().exactOptional(),
});

/** `--map PREFIX=DIRECTORY`: where deployed paths that begin with the prefix are here. */
export type PathMap = Plain<typeof pathMap>;
export const pathMap = z.object({ prefix: text, directory: text });

const config: z.ZodType<Preferences> = z.object({
  expiryWarningDays: z.number().positive().exactOptional(),
  maximumLeafLifetimeDays: z.number().positive().exactOptional(),
  failOn: severity.exactOptional(),
  skip: texts.exactOptional(),
  only: texts.exactOptional(),
} satisfies Complete<Preferences>);

/** What should be, as the operator wrote it down, with paths taken relative to the current directory. */
export type Inventory = Plain<typeof statedInventory>;
export const statedInventory = z.object({
  path: text,
  etcdVersion: value.exactOptional(),
  goVersion: value.exactOptional(),
  members: z.array(member),
  clients: z.array(client),
  maps: z.array(pathMap),
  /** Names to addresses, and addresses to names, as DNS would answer. */
  dns: z.record(text, texts),
  /** Patterns of paths that change nothing; see `ignoringPattern`. */
  ignore: texts.exactOptional(),
  /** The `config` section. */
  config,
});
