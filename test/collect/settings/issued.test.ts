import { expect, test } from 'vitest';
import { form } from '../../../src/collect/settings/forms/issued.ts';

const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;

async function textsIn(json: unknown) {
  const files = [{ path: 'issued.json', text: JSON.stringify(json) }];
  const { texts = [] } = await form.read(files, { find: () => undefined });
  return texts.map(({ path, text }) => [path, text.match(/^\w+$/gm)]);
}

test.each([
  [{ certificate: pem('a') }, [['issued.json/certificate', ['a']]]],
  [{ data: { ca_chain: [pem('a'), pem('b')] } }, [['issued.json/data.ca_chain', ['a', 'b']]]],
  // What each object of a list holds is a file of its own.
  [
    { all: [{ certificate: pem('a') }, { certificate: pem('b') }] },
    [
      ['issued.json/all.certificate', ['a']],
      ['issued.json/all.certificate', ['b']],
    ],
  ],
])('the files in %j', async (json, files) => {
  expect(await textsIn(json)).toEqual(files);
});
