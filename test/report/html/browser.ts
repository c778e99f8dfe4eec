import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../../testcluster/components.ts';

/** A page opened from a file, as a CI artifact is, and what it did that it should not. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Console output, uncaught errors and requests other than for the page itself. */
  readonly complaints: readonly string[];
}

/** The Chromium of the system; CHROMIUM names another one. */
export async function launch(): Promise<Browser> {
  const executablePath = await chromiumPath();
  if (executablePath === undefined) throw new Error('there is no Chromium on this machine');
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export async function openPage(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const directory = await mkdtemp(join(tmpdir(), 'report-page-'));
  const file = join(directory, 'report.html');
  await writeFile(file, html);
  const url = pathToFileURL(file).href;

  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const asked = request.url();
    if (asked !== url && !asked.startsWith('data:')) complaints.push(`request: ${asked}`);
  });
  await page.goto(url);

  return {
    page,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close();
      await rm(directory, { recursive: true });
    },
  };
}
