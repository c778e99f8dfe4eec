import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { Block } from '../../src/model/files.ts';
import { describeFile } from '../../src/pki/describe-file.ts';
import { type Decoded, decode } from '../../src/pki/decode.ts';
import { currentGo, type GoRelease, goRelease } from '../../src/pki/go-release.ts';
import { asCertificate } from '../../src/pki/load-ca-pool.ts';
import { isParseFault, Malformed } from '../../src/pki/malformed.ts';
import { decodedFor, parseCertificate } from '../../src/pki/parse-certificate.ts';
import { releasesToAsk } from '../../src/pki/readings.ts';
import { oracleCases } from '../oracle/cases.ts';

const patched = '24.4 24.7 24.8 24.10 24.11 25.1 25.2 25.4 26.1'.split(' ');
const releases = [...Array.from({ length: 16 }, (_, index) => index + 12), ...patched]
  .map((release) => goRelease(`1.${release}`))
  .flatMap((release) => [
    release,
    { ...release, text: `${release.text} lenient`, acceptsNegativeSerials: true } as const,
  ]);

test('the facts kept of a malformed certificate say what every release of Go says of its bytes', () => {
  let malformed = 0;
  const kept: Extract<Block, { kind: 'malformed-certificate' }>[] = [];
  for (const asked of oracleCases()) {
    if (asked.op !== 'parse') continue;
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(asked.bytes).toString('base64')}\n-----END CERTIFICATE-----\n`;
    const [block] = describeFile({ path: 'a.crt', bytes: Buffer.from(pem) }).blocks;
    if (block?.kind !== 'malformed-certificate') continue;
    malformed += 1;
    if (JSON.stringify(block).includes(Buffer.from(asked.bytes).toString('base64')))
      kept.push(block);
    for (const release of releases) {
      const direct = parseCertificate(asked.bytes, release);
      const seen = asCertificate(block, release);
      expect(isParseFault(seen) ? seen.text : seen.sha256, `${asked.id} ${release.text}`).toBe(
        direct.ok ? direct.certificate.sha256 : direct.error.text,
      );
    }
  }
  expect(malformed).toBeGreaterThan(100);
  // Bytes stay where some release of Go takes them for a certificate, which is public.
  const isNone = kept.filter(({ readings }) => readings.every(({ error }) => error !== undefined));
  expect(isNone).toEqual([]);
}, 120_000);

test('what was decoded once for all releases is what each of them decodes', () => {
  let shared = 0;
  for (const asked of oracleCases()) {
    if (asked.op !== 'parse') continue;
    const parsed = parseCertificate(asked.bytes);
    if (!parsed.ok) continue;
    const ofCurrent = decodedFor(parsed.certificate, currentGo);
    const sharing = releases.filter(
      (release) => decodedFor(parsed.certificate, release) === ofCurrent && release !== currentGo,
    );
    for (const release of sharing) {
      const own = decodedAgain(asked.bytes, release);
      const isSame = !isParseFault(ofCurrent) && isDeepStrictEqual(withoutDer(ofCurrent), own);
      expect({ isSame, of: `${asked.id} ${release.text}` }).toMatchObject({ isSame: true });
    }
    shared += sharing.length;
  }
  expect(shared).toBeGreaterThan(5000);
}, 120_000);

/** Whatever follows the three parts of a certificate is not kept. */
function withoutDer({ der: _der, ...fields }: Decoded): Omit<Decoded, 'der'> {
  return fields;
}

function decodedAgain(der: Uint8Array, release: GoRelease): Omit<Decoded, 'der'> | string {
  try {
    return withoutDer(decode(der, release));
  } catch (error) {
    if (error instanceof Malformed) return error.message;
    throw error;
  }
}

test('every patch release at which a rule changes is asked', () => {
  const sources = readdirSync('src/pki').map((name) => readFileSync(`src/pki/${name}`, 'utf8'));
  const changes = sources.flatMap((source) =>
    [...source.matchAll(/isPatchedSince\([^;]*?\)/gs)].flatMap(([call]) =>
      Array.from(call.matchAll(/\[(\d+), (\d+)\]/g), ([, minor, patch]) => `1.${minor}.${patch}`),
    ),
  );

  expect(changes.length).toBeGreaterThan(6);
  expect(changes.filter((release) => !releasesToAsk.includes(release))).toEqual([]);
});
