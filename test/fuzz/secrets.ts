import { generateKeyPairSync } from 'node:crypto';

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

/** Secrets that stand in the text only in their forms: one that is cut out of its form looks like any word. */
export function wholeSecrets(text: string): readonly string[] {
  return [password, keyLine].filter((secret) => {
    const whole = forms
      .filter(([, of]) => of === secret)
      .reduce((count, [form]) => count + text.split(form).length - 1, 0);
    return whole > 0 && whole === text.split(secret).length - 1;
  });
}
