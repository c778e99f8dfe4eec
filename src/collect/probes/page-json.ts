import { publicText } from '../../model/public-text.ts';
import type { ListedMember, ProcessObservation } from '../../model/live.ts';

// All of this input is untrusted: read field by field, and absent when it is not as etcd has it. Pages are bounded (http-answer.ts).

const memberLimit = 1000;

/** From /version: `{"etcdserver":"3.5.21","etcdcluster":"3.5.0"}`. */
export function readVersions(
  text: string | undefined,
): Pick<ProcessObservation, 'serverVersion' | 'clusterVersion'> {
  const page = parse(text);
  const serverVersion = string(page, 'etcdserver');
  const clusterVersion = string(page, 'etcdcluster');
  return {
    ...(serverVersion !== undefined && { serverVersion }),
    ...(clusterVersion !== undefined && { clusterVersion }),
  };
}

/** From /health: `{"health":"true","reason":""}`; the word is a string in every release so far. */
export function readHealth(
  text: string | undefined,
): Pick<ProcessObservation, 'healthy' | 'healthReason'> {
  const page = parse(text);
  const health = record(page)?.['health'];
  if (typeof health !== 'string' && typeof health !== 'boolean') return {};
  const healthReason = string(page, 'reason');
  const healthy = String(health) === 'true';
  return { healthy, ...(healthReason !== undefined && healthReason !== '' && { healthReason }) };
}

/** From /debug/vars, which Go's expvar writes. */
export function readCommandLine(text: string | undefined): Pick<ProcessObservation, 'commandLine'> {
  const commandLine = record(parse(text))?.['cmdline'];
  return Array.isArray(commandLine) ? { commandLine: strings(commandLine).map(publicText) } : {};
}

/** From the peer port's /members. Its ids are 64-bit numbers, which JSON.parse would round. */
export function readPeerMembers(
  text: string,
): { readonly members: readonly ListedMember[]; readonly listed?: number } | undefined {
  // A quote inside a JSON string is escaped, so this matches keys and nothing else.
  const list = parse(text.replaceAll(/([{,]\s*"id"\s*:\s*)(\d{1,20})/g, '$1"$2"'));
  if (!Array.isArray(list)) return undefined;
  return {
    members: list.slice(0, memberLimit).map(member),
    ...(list.length > memberLimit && { listed: list.length }),
  };
}

function member(value: unknown): ListedMember {
  const fields = record(value) ?? {};
  const id = fields['id'];
  return {
    id: typeof id === 'string' && /^\d+$/.test(id) ? BigInt(id).toString(16) : '',
    name: string(value, 'name') ?? '',
    peerUrls: strings(fields['peerURLs']).map(publicText),
    clientUrls: strings(fields['clientURLs']).map(publicText),
    isLearner: fields['isLearner'] === true,
  };
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function string(value: unknown, key: string): string | undefined {
  const text = record(value)?.[key];
  return typeof text === 'string' ? text : undefined;
}

function strings(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof item === 'string');
}
