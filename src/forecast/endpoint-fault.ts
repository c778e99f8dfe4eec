import { wordSet } from '../model/table.ts';
import type { Client } from '../model/inventory.ts';
import { splitHostPort } from '../model/host.ts';
import type { Initiator } from './initiator.ts';
import { blameSetting, type Refusal } from './judgement.ts';
import { rules } from './rules.ts';
import { whileDialing } from './wording.ts';

/** Why a client makes no address of an endpoint, whatever listens there. */
export function findEndpointFault(
  client: Client,
  url: string,
  initiator: Initiator,
): Refusal | undefined {
  const endpoint = url.trim();
  if (url !== endpoint) {
    const remedy = rules['endpoint.blanks'].remedy({ endpoint });
    return refusal('endpoint.blanks', `address ${url}: ${tooManyColons}`, remedy);
  }
  const fault = dialsByClientv3(client) ? addressFault(url) : undefined;
  if (fault === undefined) return undefined;
  return refusal('endpoint.malformed', fault, rules['endpoint.malformed'].remedy({ endpoint }));

  function refusal(rule: Refusal['rule'], says: string, remedy: string): Refusal {
    const { endpoints, origin } = client;
    return {
      rule,
      text: isHeard(url, initiator) ? whileDialing(initiator, `dial tcp: ${says}`) : '',
      blame: blameSetting(endpoints, endpoints.origin.location?.file ?? origin.file),
      remedy,
    };
  }
}

/** Clients up to 3.4 look for a host in endpoints of other schemes, and print nothing of what they find. */
function isHeard(url: string, { speaks }: Initiator): boolean {
  if (speaks === 'openssl') return false;
  return speaks === 'grpc' || /^\s*(?:https?:\/\/|(?!.*:\/\/))/i.test(url);
}

const tooManyColons = 'too many colons in address';

const ofOtherLibraries = wordSet('etcd3 flanneld jetcd');

/** Libraries of other languages have a port of their own where none is written. */
function dialsByClientv3({ verifier, speaks, kind }: Client): boolean {
  return verifier === 'go' && speaks === 'grpc' && !ofOtherLibraries.has(kind);
}

/** Go's net.Dial on what clientv3 makes of an endpoint. */
function addressFault(url: string): string | undefined {
  const address = dialledFor(url);
  if (address === undefined) return undefined;
  if (address === '') return 'missing address';
  const split = splitHostPort(address);
  if (split !== undefined) {
    return Number(split.port) > 65_535 ? `address ${split.port}: invalid port` : undefined;
  }
  const isBare = !address.includes(':') || /^\[[^\]]*\]$/.test(address);
  return `address ${address}: ${isBare ? 'missing port in address' : tooManyColons}`;
}

/**
 * Of the schemes of etcd the host and port, of anything else the text as it is (client/v3/internal/endpoint).
 * Undefined for a socket, and where something stands for a value that is not written there.
 */
function dialledFor(url: string): string | undefined {
  if (/^unixs?:|[$`{}<>%]/i.test(url)) return undefined;
  const [, userAndHost] = /^https?:\/\/([^/?#]*)/i.exec(url) ?? [];
  const address = userAndHost?.replace(/^.*@/, '') ?? url;
  // Go reads no URL whose port is not a number.
  return userAndHost !== undefined && /:[^\d:\]][^:\]]*$/.test(address) ? url : address;
}
