import type { DocumentNode } from '../../model/settings.ts';
import { embeddedText, textOf } from './document.ts';
import type { EmbeddedText } from './settings-form.ts';

/** More than any file of settings or certificates has; what is packed may be much larger unpacked. */
const mostUnpacked = 4 * 1024 * 1024;

/** A file's text that may be packed: cloud-init's `b64`, `gzip`, `gz+b64` and their longer names. */
export function decodedText(
  node: DocumentNode | undefined,
  path: string,
  encoding: string | undefined,
): EmbeddedText | undefined {
  const embeddedTexts = embeddedText(node, path);
  const text = textOf(node);
  if (embeddedTexts === undefined || text === undefined || encoding === undefined)
    return embeddedTexts;
  if (!/b64|base64/.test(encoding)) return embeddedTexts;
  const bytes = Buffer.from(text, 'base64');
  return packed(embeddedTexts, /gz/.test(encoding) ? unpack(bytes).bytes : bytes);
}

/** Why the text of what is packed is not known. */
export function whyNotUnpacked(node: DocumentNode | undefined, encoding = ''): string | undefined {
  if (!/gz/.test(encoding)) return undefined;
  const text = textOf(node) ?? '';
  if (/\$\{|\{\{|\{%|<%/.test(text))
    return 'is a placeholder that is replaced before it is unpacked';
  return unpack(Buffer.from(text, 'base64')).reason;
}

/** The content of a `data:` URL (RFC 2397), as Ignition has it. */
export function dataUrlText(
  node: DocumentNode | undefined,
  path: string,
  compression: string | undefined,
): EmbeddedText | undefined {
  const embeddedTexts = embeddedText(node, path);
  const [, parameters = '', data = ''] = /^data:([^,]*),(.*)$/s.exec(textOf(node) ?? '') ?? [];
  if (embeddedTexts === undefined || !textOf(node)?.startsWith('data:')) return undefined;
  const bytes = /;base64/.test(parameters)
    ? Buffer.from(data, 'base64')
    : Buffer.from(percentDecoded(data));
  return packed(embeddedTexts, compression === 'gzip' ? unpack(bytes).bytes : bytes);
}

function packed(embeddedTexts: EmbeddedText, bytes: Buffer | undefined): EmbeddedText | undefined {
  if (bytes === undefined || bytes.includes(0)) return undefined;
  return {
    ...embeddedTexts,
    text: bytes.toString(),
    within: { ...embeddedTexts.within, folded: true },
  };
}

function unpack(bytes: Buffer): { readonly bytes?: Buffer; readonly reason?: string } {
  try {
    // Loaded by hardly any run, and not worth a millisecond of every start.
    const zlib = process.getBuiltinModule('node:zlib');
    return { bytes: zlib.gunzipSync(bytes, { maxOutputLength: mostUnpacked }) };
  } catch (error) {
    const isTooMuch = error instanceof RangeError;
    return { reason: isTooMuch ? 'is larger than 4 MiB when unpacked' : 'is not gzip' };
  }
}

function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
  );
}
