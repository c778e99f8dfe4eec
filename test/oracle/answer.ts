import { createHash } from 'node:crypto';
import type { GoRelease } from '../../src/pki/go-release.ts';
import { explainCrl } from '../../src/pki/explain-crl.ts';
import { describeFile } from '../../src/pki/describe-file.ts';
import { loadKeyPair } from '../../src/pki/load-key-pair.ts';
import { parseCertificate } from '../../src/pki/parse-certificate.ts';
import { readPem } from '../../src/pki/pem.ts';
import { verify } from '../../src/pki/verify.ts';
import type { OracleCase, VerifyQuestion } from './oracle-case.ts';

/** Our answer, in the form in which the Go program answers. */
export function answer(asked: OracleCase, go: GoRelease): string {
  switch (asked.op) {
    case 'parse': {
      const parsed = parseCertificate(asked.bytes, go);
      return parsed.ok ? '' : withoutBadUtf8(parsed.error.text);
    }
    case 'verify':
      return withoutBadUtf8(answerVerify(asked, go));
    case 'pem':
      return readPem(asked.bytes, go)
        .map(({ type, headers, bytes }) => `${type} ${headers.size} ${shortSum(bytes)}`)
        .join('\n');
    case 'pair':
      return answerPair(asked, go);
    case 'crl':
      return explainCrl(asked.bytes, readPem(asked.bytes, go)).parseRevocationList ?? '';
    case 'old-crl':
      return explainCrl(asked.bytes, readPem(asked.bytes, go)).parseCrl ?? '';
  }
}

function answerPair(
  asked: { readonly certificate: Uint8Array; readonly key: Uint8Array },
  go: GoRelease,
): string {
  const certificate = describeFile({ path: 'certificate', bytes: asked.certificate });
  const pair = loadKeyPair(certificate, describeFile({ path: 'key', bytes: asked.key }), go);
  return pair.ok ? '' : pair.error.text;
}

/** JSON of Go replaces what is no UTF-8. */
function withoutBadUtf8(text: string): string {
  return text.replaceAll(/[\udc80-\udcff]/g, '\ufffd');
}

function shortSum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}

function answerVerify(asked: VerifyQuestion, go: GoRelease): string {
  const leaf = parseCertificate(asked.leaf, go);
  if (!leaf.ok) return leaf.error.text;
  const pool = (ders: readonly Uint8Array[]) =>
    ders.flatMap((der) => {
      const parsed = parseCertificate(der, go);
      return parsed.ok ? [parsed.certificate] : [];
    });
  const result = verify(leaf.certificate, {
    roots: pool(asked.roots),
    intermediates: pool(asked.intermediates),
    usage: asked.usage,
    at: new Date(asked.at),
    go,
    ...(asked.host !== '' && { hostName: asked.host }),
  });
  return result.ok ? '' : result.error.text;
}
