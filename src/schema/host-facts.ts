import { z } from 'zod';
import { type Plain, text } from './basics.ts';

const id = z.int().nonnegative();

export type HostUser = Plain<typeof user>;
const user = z.object({
  name: text,
  uid: id,
  gid: id,
  /** Groups in addition to its own. */
  groups: z.array(id),
});

export type HostGroup = Plain<typeof group>;
const group = z.object({ name: text, gid: id });

/** `mode`: permission bits. */
export type HostDirectory = Plain<typeof directory>;
const directory = z.object({ path: text, uid: id, gid: id, mode: id });

export type Ownership = Omit<HostDirectory, 'path'>;

export type HostLink = Plain<typeof link>;
const link = z.object({ path: text, target: text });

/** What was seen of a host in addition to its files, where settings name a user that etcd runs as. */
export type HostFact = Plain<typeof hostFact>;
export const hostFact = z.object({
  host: text.exactOptional(),
  /** The directory that relative paths start from. */
  workingDirectory: text,
  /** The accounts that settings name and that the host's own lists have. */
  users: z.array(user),
  groups: z.array(group),
  /** The directories above the files that were read. */
  directories: z.array(directory),
  /** Files whose path leads through a symbolic link, and where they are. */
  links: z.array(link),
});

/** How a program was built, by what Go left in it (`go version -m`). */
export type BuildFact = Plain<typeof buildFact>;
export const buildFact = z.object({
  host: text.exactOptional(),
  /** The program, as the operator names it. */
  file: text,
  /** E.g. `1.24.0`. */
  goVersion: text,
  /** GOEXPERIMENT, such as `boringcrypto`. */
  experiments: z.array(text),
  /** The release of etcd's server module, where the build names one. */
  etcdVersion: text.exactOptional(),
  /** What GODEBUG is set to where the environment says nothing else. */
  defaultGodebug: text.exactOptional(),
  /** The FIPS 140-3 module that was built in (GOFIPS140). */
  fips140: text.exactOptional(),
});
