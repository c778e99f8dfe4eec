/**
 * Takes the pictures of the README: `npx tsx tools/screenshot.ts report.json docs/images/seed.png`
 * renders a saved report as its page and photographs it in the Chromium of the system.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { render } from '../src/report/index.ts';
import { parseReport } from '../src/report/parse-report.ts';
import { plainStyle } from '../src/report/style.ts';

const [reportFile, image] = process.argv.slice(2);
if (reportFile === undefined || image === undefined) {
  process.stderr.write('usage: tools/screenshot.ts REPORT.json IMAGE.png\n');
  process.exit(2);
}

const report = parseReport(await readFile(reportFile, 'utf8'), reportFile);
const directory = await mkdtemp(join(tmpdir(), 'screenshot-'));
const page = join(directory, 'report.html');
await writeFile(page, await render('html', report, plainStyle));

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});
try {
  const tab = await browser.newPage({ viewport: { width: 1120, height: 1400 } });
  await tab.goto(pathToFileURL(page).href);
  await tab.screenshot({ path: image });
} finally {
  await browser.close();
  await rm(directory, { recursive: true });
}
