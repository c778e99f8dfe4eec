import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { html } from '../../../src/report/html/page.ts';
import { json } from '../../../src/report/json.ts';
import { parseReport } from '../../../src/report/parse-report.ts';
import { endless, everyVerdict, hostile } from '../every-verdict.ts';
import { launch, openPage } from './browser.ts';
import { brokenCluster, largeCluster, manyClients, rotation, soundCluster } from './clusters.ts';
import { realReports } from './real-reports.ts';
import { isMissing } from '../../support/missing.ts';
import { skipWithout } from '../../support/skip-without.ts';

skipWithout('chromium');

let browser: Browser;

beforeAll(async () => {
  if (!isMissing('chromium')) browser = await launch();
});

afterAll(async () => {
  if (!isMissing('chromium')) await browser.close();
});

const real = await realReports();
const clusters = [
  { name: 'sound', report: soundCluster(), verdict: 'Pass' },
  { name: 'broken', report: brokenCluster(), verdict: 'Fail' },
  { name: 'large', report: largeCluster(), verdict: 'Pass' },
  { name: 'every verdict', report: everyVerdict, verdict: 'Fail' },
  { name: 'rotating', report: rotation(), verdict: 'Pass' },
  { name: 'many clients', report: manyClients(), verdict: 'Pass' },
  { name: '300 members', report: largeCluster(300), verdict: 'Pass' },
  { name: 'document’s', report: real.seed, verdict: 'Fail' },
  { name: 'two clusters', report: real.two, verdict: 'Fail' },
];

test('the first screen says verdict, what to do and where, before how the files were read', async () => {
  await using opened = await openPage(browser, html(real.seed), {
    viewport: { width: 360, height: 740 },
  });
  const { page } = opened;
  const tops = await Promise.all(
    ['h1 .outcome', '.first', '.where-first', '.scope'].map(
      async (place) => (await page.locator(place).boundingBox())?.y ?? Number.NaN,
    ),
  );

  expect(tops).toEqual(tops.toSorted((left, right) => left - right));
  expect(tops[2]).toBeLessThan(740);
  expect(await page.locator('h1').textContent()).not.toContain('read as complete settings');
});

test.each([
  { name: '12 members', report: largeCluster(12) },
  { name: "the document's set", report: real.seed },
])(
  'of $name prints each page of a check once, and not what passed or was guessed',
  async ({ report }) => {
    await using opened = await openPage(browser, html(report));
    const { page } = opened;
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const titles = await page.locator('details.page[open] > summary').allTextContents();

    expect(titles).not.toEqual([]);
    expect(titles).toEqual([...new Set(titles)]);
    expect(await page.locator('details.background[open]').count()).toBe(0);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await page.locator('details[open]').count()).toBe(0);
  },
);

test('a connection that is explained takes its two columns on paper as well', async () => {
  await using opened = await openPage(browser, html(real.seed), {
    viewport: { width: 700, height: 900 },
  });
  const { page } = opened;
  const columnsOn = async (media: 'print' | 'screen') => {
    await page.emulateMedia({ media });
    const columns = page.locator('.panel .columns').first();
    const style = await columns.evaluate((each) => getComputedStyle(each).gridTemplateColumns);
    return style.split(' ').length;
  };
  await page.evaluate(() => (location.hash = document.querySelector('.panel')?.id ?? ''));

  expect([await columnsOn('screen'), await columnsOn('print')]).toEqual([1, 2]);
});

describe.each(clusters)('of the $name cluster', ({ report, verdict }) => {
  test('opens without a request or a complaint, and says the verdict', async () => {
    await using opened = await openPage(browser, html(report));

    expect(await opened.page.locator('h1 .outcome').textContent()).toBe(verdict);
    expect(opened.complaints).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    'has no serious accessibility fault in %s',
    async (colorScheme) => {
      await using opened = await openPage(browser, html(report), { colorScheme });

      expect(await accessibilityFaults(opened.page)).toEqual([]);
    },
  );

  test.each([1280, 768, 360])('fits %i pixels without scrolling sideways', async (width) => {
    await using opened = await openPage(browser, html(report), {
      viewport: { width, height: 740 },
    });

    expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const places = await opened.page
      .locator('h1, .first')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().bottom));
    // The verdict, what to do first and where are on the first screen.
    expect(Math.max(...places)).toBeLessThan(740);
  });
});

describe('two clusters', () => {
  test('are two sections, the worst first, with what is of each', async () => {
    await using opened = await openPage(browser, html(real.two));
    const sections = opened.page.locator('section.cluster');

    expect(await sections.locator('> h2').allTextContents()).toEqual([
      'Cluster etcd-a',
      'Cluster etcd-events-a',
    ]);
    expect(await sections.nth(0).locator('.matrix thead').textContent()).not.toContain('events');
    expect(await sections.nth(1).locator('.matrix td.bad').count()).toBe(3);
    expect(await sections.nth(1).locator('.tree').textContent()).not.toContain('etcd-b');
    expect(await opened.page.locator('h1').textContent()).toContain('cluster etcd-a');
  });
});

describe('links', () => {
  test('lead from a finding to its cells and certificates, and back', async () => {
    await using opened = await openPage(browser, html(real.two));
    const { page } = opened;
    const card = page
      .locator('.finding')
      .filter({ hasText: 'issued by a CA that the other side does not trust' });
    const evidence = card.locator('.evidence a');

    await evidence.filter({ hasText: 'etcd-b → etcd-a' }).first().click();
    expect(await page.locator('.panel:visible').count()).toBe(1);
    expect(await page.locator('.matrix a[aria-current]').count()).toBe(1);
    await page.locator('.panel:visible .findings a').first().click();
    expect(await page.locator('.finding:target').count()).toBe(1);

    await evidence.last().click();
    expect(await page.locator('.node:target .strong').textContent()).toBe('etcd-b');
    await page.locator('.node:target .findings a').first().click();
    expect(await page.locator('.finding:target').textContent()).toContain(
      'the other side does not trust',
    );
  });

  test('all lead somewhere', async () => {
    for (const { report } of clusters) {
      await using opened = await openPage(browser, html(report));
      const lost = await opened.page.evaluate(() =>
        [...document.querySelectorAll('a[href^="#"]')]
          .map((link) => link.getAttribute('href')?.slice(1) ?? '')
          .filter((id) => document.getElementById(id) === null),
      );
      const ids = await opened.page.evaluate(() =>
        [...document.querySelectorAll('[id]')].map(({ id }) => id),
      );

      expect(lost).toEqual([]);
      expect(ids).toHaveLength(new Set(ids).size);
    }
  });
});

describe('what a cell rests on', () => {
  test('shows without colour: observed, predicted, assumed, not observed', async () => {
    await using opened = await openPage(browser, html(manyClients()));
    const { page } = opened;
    const signs = page.locator('.matrix td');

    expect(await page.locator('.matrix td.by-untried .signs').first().textContent()).toMatch(/^\(/);
    expect(await page.locator('.matrix td.by-assumed').count()).toBeGreaterThan(0);
    expect(await signs.first().textContent()).toContain('predicted, not observed');
    expect(await page.locator('.legend').first().textContent()).toMatch(
      /ringed: observed.*in brackets: predicted, not observed.*dashed: assumed/s,
    );
  });

  test('gives forty clients one row, but for those that fail', async () => {
    await using opened = await openPage(browser, html(manyClients()));

    expect(await opened.page.getByText('37 other clients').count()).toBe(1);
    expect(
      await opened.page.locator('.matrix th').filter({ hasText: 'kube-apiserver' }).count(),
    ).toBe(4);
  });
});

describe('the handshake matrix', () => {
  test('has a cell for each pair, and marks those that fail', async () => {
    await using opened = await openPage(browser, html(brokenCluster()));
    const cells = opened.page.locator('.matrix td:not(.none)');

    expect(await cells.count()).toBe(9 + 3 + 12);
    expect(await states(opened.page)).toEqual({
      'good by-observed': 15,
      'good by-untried': 3,
      'bad by-observed': 6,
    });
  });

  test('is all green for a sound cluster', async () => {
    await using opened = await openPage(browser, html(soundCluster()));

    expect(await states(opened.page)).toEqual({ 'good by-predicted': 24 });
    expect(await opened.page.locator('.matrix a').count()).toBe(0);
  });

  test('gives the many that are well one row and column', async () => {
    await using opened = await openPage(browser, html(largeCluster()));

    expect(await opened.page.locator('.matrix thead th').allTextContents()).toEqual([
      'from ↓ to →',
      'node7',
      '148 others',
    ]);
    expect(await opened.page.locator('.matrix td.bad .signs').allTextContents()).toEqual(['✕148']);
  });

  test('explains a failing cell on click: ladder, both sides’ words, blame and fix', async () => {
    await using opened = await openPage(browser, html(brokenCluster()));
    const { page } = opened;
    const panel = page.locator('.panel:visible');
    expect(await panel.count()).toBe(0);

    await page.getByTitle('node1 rejects the certificate that node3 presents').click();

    expect(await panel.count()).toBe(1);
    expect(await panel.locator('h3').textContent()).toBe(
      'node1 rejects the certificate that node3 presents',
    );
    expect(await panel.locator('svg.ladder').isVisible()).toBe(true);
    expect(await panel.textContent()).toContain('remote error: tls: expired certificate');
    expect(await panel.locator('.ladder text').allTextContents()).toEqual(
      expect.arrayContaining(['rejects: expired', 'tls: expired certificate']),
    );
  });

  test('is walked by keyboard: Enter opens, Escape closes and goes back', async () => {
    await using opened = await openPage(browser, html(brokenCluster()));
    const { page } = opened;
    const link = page.locator('.matrix a').first();

    await link.focus();
    await page.keyboard.press('Enter');
    await page.locator('.panel:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.panel:visible').waitFor({ state: 'detached' });

    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});

describe('the trust tree', () => {
  test('shows every certificate, and why a link does not hold', async () => {
    await using opened = await openPage(browser, html(brokenCluster()));
    const tree = opened.page.locator('.tree');

    expect(await tree.locator('.node').count()).toBe(9);
    expect(await tree.locator('ul > li').count()).toBe(7);
    expect(await tree.locator('li.bad > .node > .why').allTextContents()).toEqual([
      '✕ same name, different key',
    ]);
    expect(await tree.locator('.node.bad .strong').allTextContents()).toEqual(['node3']);
  });

  test.each([1280, 768, 360])('draws nothing over anything at %i pixels', async (width) => {
    await using opened = await openPage(browser, html(brokenCluster()), {
      viewport: { width, height: 740 },
    });
    const boxes = await opened.page.locator('.tree .node').evaluateAll((all) =>
      all.map((each) => {
        const { left, right, top, bottom } = each.getBoundingClientRect();
        return { left, right, top, bottom };
      }),
    );

    const overlapping = boxes.filter((one, index) =>
      boxes
        .slice(index + 1)
        .some(
          (other) =>
            one.left < other.right &&
            other.left < one.right &&
            one.top < other.bottom &&
            other.top < one.bottom,
        ),
    );

    expect(overlapping).toEqual([]);
    expect(boxes.filter(({ left, right }) => left < 0 || right > width)).toEqual([]);
  });

  test('shows the end of a path in full, and what all paths have in common once', async () => {
    const long = '/srv/deployments/production/eu-west/etcd';
    const moved = parseReport(json(brokenCluster()).replaceAll('pki/', `${long}/pki/`));
    await using opened = await openPage(browser, html(moved));
    const text = (await opened.page.locator('body').textContent()) ?? '';

    expect(await opened.page.locator('header .about').textContent()).toContain(
      `files in ${long}/pki/`,
    );
    expect(await opened.page.locator('.node .place').allTextContents()).toContain('peer-ca.crt');
    expect(text.split(`${long}/`).length - 1).toBeLessThan(text.split('.crt').length - 1);
  });

  test('gathers the leaves of a large cluster', async () => {
    await using opened = await openPage(browser, html(largeCluster()));
    const titles = await opened.page.locator('.tree .strong').allTextContents();

    expect(titles).toEqual(
      expect.arrayContaining([
        'etcd-ca',
        'etcd-peer-ca',
        '149 certificates',
        '148 certificates',
        'node7',
      ]),
    );
  });
});

describe('the expiry timeline', () => {
  test('has every end on one axis, today, the threshold and the day quorum is lost', async () => {
    await using opened = await openPage(browser, html(brokenCluster()));
    const picture = opened.page.locator('#expiry');

    expect(await picture.locator('.rug line').count()).toBe(9);
    expect(await picture.locator('.legend').textContent()).toContain('today 2026-11-24');
    // node3's certificate has ended: with node1's the second of three is out.
    expect(await picture.locator('.legend .quorum').textContent()).toContain(
      'quorum lost 2027-04-01',
    );
    expect(await picture.locator('.span.bad .strong').allTextContents()).toEqual(['node3']);
    expect(await picture.locator('.span.soon .strong').allTextContents()).toEqual(['etcdctl']);
  });

  test('shows every certificate of three hundred', async () => {
    await using opened = await openPage(browser, html(largeCluster()));

    expect(await opened.page.locator('.rug line').count()).toBe(301);
  });
});

describe('findings', () => {
  test('copy their remedy', async () => {
    await using opened = await openPage(browser, html(brokenCluster()), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const { page } = opened;

    await page.locator('.finding .copy').first().click();
    await page.getByText('Copied').waitFor();

    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'etcd-tls reissue node3\nsystemctl restart etcd',
    );
  });

  test('can be filtered where they are many', async () => {
    await using opened = await openPage(browser, html(largeCluster()));
    const { page } = opened;

    await page.getByLabel('Show findings with').fill('node77 ');

    expect(await page.locator('.finding:visible').count()).toBe(1);
    expect(await page.locator('.filter output').textContent()).toBe('1 of 149');
  });

  test('open the page of their check', async () => {
    await using opened = await openPage(browser, html(brokenCluster()));
    const details = opened.page.locator('.finding details').first();

    await details.locator('summary').click();

    expect(await details.locator('a').getAttribute('href')).toBe(
      'https://etcd.io/docs/latest/op-guide/security/',
    );
  });
});

test('keeps hostile subjects text, in pictures and tables alike', async () => {
  await using opened = await openPage(browser, html(everyVerdict));
  const { page } = opened;

  expect(await page.locator('script').count()).toBe(1);
  expect(await page.evaluate(() => document.body.textContent)).not.toMatch(
    /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Cs}]/u,
  );
  expect(
    await page.locator('.finding').filter({ hasText: '<script>alert("1")</script>' }).count(),
  ).toBe(1);
  expect(await page.locator('.tree').textContent()).toContain('\\u{202e}gnp.');
});

test('keeps hostile names text where a client or member is called so', async () => {
  const name = JSON.stringify(hostile).slice(1, -1);
  const renamed = parseReport(
    json(brokenCluster()).replaceAll('node2', name).replaceAll('etcdctl', endless),
  );
  await using opened = await openPage(browser, html(renamed), {
    viewport: { width: 360, height: 740 },
  });

  expect(await opened.page.locator('script').count()).toBe(1);
  expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(opened.complaints).toEqual([]);
});

test('says everything without its script, and on paper', async () => {
  await using opened = await openPage(browser, html(brokenCluster()), { javaScriptEnabled: false });
  const { page } = opened;

  await page.locator('.matrix a').first().click();
  expect(await page.locator('.panel:visible').count()).toBe(1);

  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.panel:visible').count()).toBe(6);
  expect(await page.locator('nav').isVisible()).toBe(false);
});

test('forbids in its policy whatever it does not bring along', () => {
  const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(html(soundCluster())) ?? [];

  expect(policy?.replaceAll('&#39;', "'")).toMatch(
    /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; img-src data:; base-uri 'none'; form-action 'none'$/,
  );
});

async function states(page: Page): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const cell of await page.locator('.matrix td:not(.none)').all()) {
    const state = (await cell.getAttribute('class')) ?? '';
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  const require = createRequire(import.meta.url);
  const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  // The page's policy keeps scripts out; an evaluation from outside is not bound by it.
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const { violations } = await window.axe.run(document);
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html: element }) => element.slice(0, 120)).join(' | ')}`,
      );
  });
}

declare global {
  interface Window {
    readonly axe: typeof import('axe-core');
  }
}
