import { z } from 'zod';
import type { BuildFact } from '../model/build.ts';
import type {
  HostDirectory,
  HostFact,
  HostGroup,
  HostLink,
  HostUser,
} from '../model/host-facts.ts';
import { type Complete, text } from './basics.ts';

const id = z.int().nonnegative();

const user: z.ZodType<HostUser> = z.object({
  name: text,
  uid: id,
  gid: id,
  groups: z.array(id),
} satisfies Complete<HostUser>);

const group: z.ZodType<HostGroup> = z.object({
  name: text,
  gid: id,
} satisfies Complete<HostGroup>);

const directory: z.ZodType<HostDirectory> = z.object({
  path: text,
  uid: id,
  gid: id,
  mode: id,
} satisfies Complete<HostDirectory>);

const link: z.ZodType<HostLink> = z.object({
  path: text,
  target: text,
} satisfies Complete<HostLink>);

export const hostFact: z.ZodType<HostFact> = z.object({
  host: text.exactOptional(),
  workingDirectory: text,
  users: z.array(user),
  groups: z.array(group),
  directories: z.array(directory),
  links: z.array(link),
} satisfies Complete<HostFact>);

export const buildFact: z.ZodType<BuildFact> = z.object({
  host: text.exactOptional(),
  file: text,
  goVersion: text,
  experiments: z.array(text),
  etcdVersion: text.exactOptional(),
  defaultGodebug: text.exactOptional(),
  fips140: text.exactOptional(),
} satisfies Complete<BuildFact>);
