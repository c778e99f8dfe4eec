import { generateKeyPairSync } from 'node:crypto';
import { tracesOf } from '../support/traces.ts';

const password = 'hunter2-Correct-Horse';

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'prime256v1',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
/** The line of it that holds the private number. */
const keyLine = privateKey.split('\n')[1] ?? '';

/** Secrets in the forms by which they are told from other text. */
const forms: readonly (readonly [form: string, secret: string])[] = [
  [`https://root:${password}@10.0.0.1:2379 `, password],
  [` --password=${password} `, password],
  [` --user root:${password} `, password],
  [`\nETCDCTL_PASSWORD=${password}\n`, password],
  [`\n${privateKey}`, keyLine],
  [privateKey.replaceAll('\n', String.raw`\n`), keyLine],
];

/** Pieces of text with a secret in them. */
export const secretPieces: readonly string[] = forms.map(([form]) => form);

/** Every text in data, a line each. */
export function textsIn(value: unknown): string {
  if (typeof value === 'string') return `${value}\n`;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(textsIn).join('');
}

/**
 * How secrets would show themselves that stand in the text only in their forms, as they are, in base64 and in hex:
 * one that is cut out of its form looks like any word.
 */
export function wholeSecrets(text: string): readonly string[] {
  const whole = [password, keyLine].filter((secret) => {
    const inForms = forms
      .filter(([, of]) => of === secret)
      .reduce((count, [form]) => count + text.split(form).length - 1, 0);
    return inForms > 0 && inForms === text.split(secret).length - 1;
  });
  return whole.flatMap((secret) => [secret, ...tracesOf(Buffer.from(secret))]);
}
