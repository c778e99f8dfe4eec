import { execFileSync } from 'node:child_process';
import { marked } from 'marked';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { certificateDetails } from '../../src/deployment/certificate-detail.ts';
import { currentGo } from '../../src/pki/go-release.ts';
import { certificateFormats } from '../../src/report/certificates/formats.ts';
import { type CertificateReport, renderCertificates } from '../../src/report/certificates/index.ts';
import { plainStyle } from '../../src/report/style.ts';
import { checkText } from '../fuzz/check-report.ts';
import { hostileText } from '../fuzz/hostile-text.ts';
import { Random } from '../oracle/random.ts';
import { isMissing } from '../support/missing.ts';
import { runnerCommandsIn } from '../support/runner-commands.ts';
import { certificateFile } from './every-verdict.ts';

/** Certificates whose subjects and files are hostile. */
function hostileList(seed: number): CertificateReport {
  const random = new Random(seed);
  const names = Array.from(
    { length: 5 },
    () => random.pick(['=', '+', '-', '@', '']) + hostileText(random),
  );
  const files = names.map((name, index) =>
    certificateFile(`${name}.pem`, { subject: hostileText(random), serialNumber: String(index) }),
  );
  return {
    at: '2026-11-24T00:00:00.000Z',
    expiryWarningDays: 30,
    certificates: certificateDetails({ files }, new Date('2026-11-24'), currentGo),
    isDetailed: seed % 2 === 0,
    notUnderstood: [{ path: hostileText(random), reason: hostileText(random) }],
  };
}

const lists = Array.from({ length: 40 }, (_, seed) => hostileList(seed));

test.each(certificateFormats)(
  '%s: no character that a terminal obeys, no command to a CI runner',
  (format) => {
    for (const list of lists) {
      // RFC 4180 ends lines so.
      const output = renderCertificates(format, list, plainStyle).replaceAll('\r\n', '\n');
      checkText(format, output);

      expect(runnerCommandsIn(output)).toEqual([]);
    }
  },
);

test('json: every certificate is in it', () => {
  for (const list of lists) {
    const text = renderCertificates('json', list, plainStyle);

    expect(JSON.stringify(JSON.parse(text)).match(/"subject"/g)?.length).toBeGreaterThanOrEqual(5);
  }
});

test('markdown: no element but those of the list', () => {
  for (const list of lists) {
    const html = marked.parse(renderCertificates('markdown', list, plainStyle));
    const tags = [...html.matchAll(/<\/?([a-z]+\d?)/g)].map(([, tag = '']) => tag);

    expect(
      tags.filter((tag) => !/^(?:h\d|p|ul|li|table|thead|tbody|tr|th|td|code|strong)$/.test(tag)),
    ).toEqual([]);
  }
});

const pythonReader =
  'import csv,json,sys; json.dump(list(csv.reader(sys.stdin.read().splitlines(True), strict=True)), sys.stdout)';

test.skipIf(isMissing('python3'))(
  'csv: five rows of as many fields as the header, no formula',
  () => {
    for (const list of lists.slice(0, 8)) {
      const input = renderCertificates('csv', list, plainStyle);
      const output = execFileSync('python3', ['-c', pythonReader], { input, encoding: 'utf8' });
      const rows = z.array(z.array(z.string())).parse(JSON.parse(output));
      const [header = [], ...certificates] = rows;

      expect(certificates.map((row) => row.length)).toEqual(Array(5).fill(header.length));
      expect(certificates.flat().filter((field) => /^(?:[=+@]|-(?!\d+$))/.test(field))).toEqual([]);
    }
  },
);
