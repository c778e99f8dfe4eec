import { readSettings } from '../../../../src/collect/settings/read-settings.ts';

export function files(ca: string, cert: string, key: string) {
  return { caFile: { value: ca }, certFile: { value: cert }, keyFile: { value: key } };
}

export function dials(...urls: readonly string[]) {
  return { endpoints: { value: urls } };
}

export function unit(program: string, flags: readonly string[]): string {
  return `[Service]\nExecStart=${[program, ...flags].join(' ')}\n`;
}

export async function read(path: string, text: string) {
  return await readSettings([{ path, text }], { find: () => undefined });
}
