import { describeFile } from '../../../src/pki/describe-file.ts';
import { goRelease } from '../../../src/pki/go-release.ts';
import { asCertificate, loadCaPool } from '../../../src/pki/load-ca-pool.ts';
import { loadKeyPair } from '../../../src/pki/load-key-pair.ts';
import { mutate } from '../../oracle/random.ts';
import { fromPem, issueAuthority } from '../../support/pki.ts';
import { type FuzzTarget, tried } from '../target.ts';

const releases = ['1.12', '1.16', '1.19', '1.22.0', '1.24.4', '1.25.12', '1.27'].map(goRelease);

/** Certificates and keys with accidents in DER and in PEM: read by every release of Go, without a crash or a key. */
export const files: FuzzTarget = {
  name: 'files',
  mostMilliseconds: 2000,
  inputs: 8000,
  async prepare() {
    const authority = await issueAuthority({ commonName: 'ca' });
    const leaf = await authority.issue({ commonName: 'node1', hosts: ['10.0.0.1', 'a.b'] });
    const texts = [authority.certificatePem, leaf.certificatePem, leaf.privateKeyPem];
    const key = fromPem(leaf.privateKeyPem);
    const secret = Buffer.from(key).toString('base64').slice(60, 100);
    return (random) => {
      const text = random.pick(texts);
      const mutated =
        random.below(2) === 0
          ? mutate(Buffer.from(text), random)
          : inPem(text, mutate(fromPem(text), random));
      const hidden =
        random.below(4) === 0 ? inPem(text, Buffer.concat([fromPem(text), key])) : mutated;
      const asText = Buffer.from(hidden).toString('latin1');
      return tried(asText, () => {
        const file = describeFile({ path: 'a.pem', bytes: Buffer.from(hidden) });
        for (const go of releases) {
          for (const block of file.blocks) asCertificate(block, go);
          loadCaPool(file, go);
          loadKeyPair(file, file, go);
        }
        if (JSON.stringify(file).includes(secret)) throw new Error('the key got into the facts');
      });
    };
  },
};

function inPem(like: string, der: Uint8Array): Uint8Array {
  const label = /BEGIN ([A-Z ]+)-/.exec(like)?.[1] ?? 'CERTIFICATE';
  return Buffer.from(
    `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`,
  );
}
