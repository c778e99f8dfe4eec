import { z } from 'zod';
import { type Plain, text, texts } from './basics.ts';
import { pathMap } from './stated-inventory.ts';

/** Which endpoints to look at, and with which files, where the operator says so. */
export type ProbeRequest = Plain<typeof probeRequest>;
const probeRequest = z.object({
  /** Hosts of these that other clients reach through the proxy of HTTPS_PROXY; `verify` connects past it. */
  proxied: texts.exactOptional(),
  /** URLs to look at; every URL of the members where none are given. */
  endpoints: texts.exactOptional(),
  trustedCaFile: text.exactOptional(),
  certificateFile: text.exactOptional(),
  keyFile: text.exactOptional(),
});

/** What the options of a run state of the cluster and of the client: part of what is judged, like the files. */
export type Statements = Plain<typeof statements>;
export const statements = z.object({
  /** The client that the options describe, like any other; several where several runs are judged together. */
  clients: z.array(probeRequest).exactOptional(),
  etcdVersion: text.exactOptional(),
  goVersion: text.exactOptional(),
  /** Where deployed paths are here. */
  maps: z.array(pathMap).exactOptional(),
  /** DNS answers to take as given: a name and an address, or an address and a name. */
  resolve: z.array(z.object({ name: text, address: text })).exactOptional(),
});
