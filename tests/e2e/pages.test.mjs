// SPDX-License-Identifier: Apache-2.0
// The pages as a person meets them: in a real Chromium, at phone, tablet and desk width, by
// keyboard, without JavaScript, and under axe's eyes.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = process.env.AMATE_ROOT ?? fileURLToPath(new URL('../..', import.meta.url));
const amate = process.env.AMATE ?? join(root, 'build/dev/bin/amate');
const pack = join(root, 'packs/demo');
const axeSource = readFileSync(
  fileURLToPath(new URL('node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'amate-pages-'));
const workspace = join(folder, 'work');
const widths = [320, 768, 1440];

let server, browser, address, paths;

const run = (...args) => execFileSync(amate, args, { stdio: ['ignore', 'pipe', 'inherit'] }).toString();

async function serve() {
  const child = spawn(amate, ['-w', workspace, 'serve', '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(data.toString()));
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}`)));
  });
  return [child, line.match(/http:\/\/[0-9.:]+/)[0]];
}

const getJson = async (path) => (await fetch(address + path)).json();

before(async () => {
  run('synth', '--pack', pack, '--out', join(folder, 'files'));
  run('init', workspace, '--pack', pack, '--invented');
  for (const file of readdirSync(join(folder, 'files')).filter((name) => name.endsWith('.csv'))) {
    run('-w', workspace, 'ingest', file.slice(0, -4), join(folder, 'files', file));
  }
  run('-w', workspace, 'snapshot', '--cutoff', '2018-09-07');
  [server, address] = await serve();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const figures = (await getJson('/api/v1/figures')).items;
  const computed = figures.find((figure) => figure.how === 'computed');
  const reported = figures.find((figure) => figure.how === 'reported');
  const objective = (await getJson('/api/v1/objectives')).items[0];
  const register = (await getJson('/api/v1/registers')).items[0];
  const programme = (await getJson('/api/v1/programmes')).items[0];
  paths = ['', '/objectives', `/objectives/${objective.id}`, `/figures/${computed.id}`,
    `/figures/${reported.id}`, '/programmes', `/programmes/${programme.id}`, '/registers',
    `/registers/${register.name}`,
    '/registers/landing/table?by=year(landed_at)&then=point&measure=mean:party_size&totals=yes',
    '/reports', '/reports/yearbook', '/reports/gcm', '/audit', '/institutions', '/about', '/search?q=a',
    '/search?q=zzzzzz'];
});

after(async () => {
  await browser?.close();
  server?.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

// A page of its own context; JavaScript is off unless axe needs it.
async function open(path, { width = 1024, javaScriptEnabled = false } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 900 }, javaScriptEnabled, bypassCSP: javaScriptEnabled });
  const page = await context.newPage();
  const failed = [];
  page.on('requestfailed', (request) => failed.push(request.url()));
  page.on('response', (response) => response.status() >= 400 && failed.push(response.url()));
  page.on('pageerror', (error) => failed.push(String(error)));
  const response = await page.goto(address + path);
  return { page, response, failed, close: () => context.close() };
}

describe('every page', () => {
  for (const language of ['es', 'en']) {
    test(`answers in ${language}, whole, at every width`, async () => {
      for (const path of paths) {
        for (const width of widths) {
          const { page, response, failed, close } = await open(`/${language}${path}`, { width });
          const where = `/${language}${path} at ${width}`;
          assert.equal(response.status(), 200, where);
          assert.deepEqual(failed, [], where);
          assert.equal(await page.getAttribute('html', 'lang'), language, where);
          assert.equal(await page.locator('h1').count(), 1, where);
          const main = await page.locator('main').boundingBox();
          assert.ok(main.width <= width, where);
          await close();
        }
      }
    });
  }

  test('never scrolls sideways at 320 px', async () => {
    for (const path of paths) {
      const { page, close } = await open(`/es${path}`, { width: 320, javaScriptEnabled: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 320, `/es${path} is ${wide} px wide`);
      await close();
    }
  });

  test('passes axe-core', async () => {
    for (const language of ['es', 'en']) {
      for (const path of paths) {
        const { page, close } = await open(`/${language}${path}`, { javaScriptEnabled: true });
        await page.evaluate(axeSource);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        assert.deepEqual(
          violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`), [],
          `/${language}${path}`);
        await close();
      }
    }
  });
});

describe('the first page', () => {
  test('weighs under 150 kB compressed, with everything it loads', async () => {
    const { page, close } = await open('/');
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource')
      .map((entry) => entry.name)).catch(() => []);
    const linked = await page.locator('link[href], img[src]').evaluateAll(
      (nodes) => nodes.filter((node) => node.rel !== 'alternate' && node.rel !== 'canonical')
        .map((node) => node.href ?? node.src));
    const stylesheets = linked.filter((url) => url.includes('.css'));
    const fonts = (await Promise.all(stylesheets.map(async (url) => {
      const css = await (await fetch(url)).text();
      return [...css.matchAll(/url\(["']?([^)"']+)/g)].map((match) => new URL(match[1], url).href);
    }))).flat().filter((url) => url.startsWith('http'));
    const all = new Set([page.url(), ...loaded, ...linked, ...fonts]);
    const sizes = await Promise.all([...all].map(async (url) =>
      gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length));
    assert.ok(stylesheets.length >= 1 && fonts.length >= 1, [...all].join(' '));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(total > 1000 && total < 150_000, `${total} bytes`);
    await close();
  });

  test('is in the language the browser asks for', async () => {
    for (const [asked, lang] of [['en-GB,en;q=0.9', 'en'], ['es-MX', 'es'], ['fr', 'es']]) {
      const response = await fetch(`${address}/`, { headers: { 'accept-language': asked } });
      assert.equal(new URL(response.url).pathname.slice(1, 3), lang, asked);
    }
  });

  test('is reached by keyboard: skip link first, then a visible focus', async () => {
    const { page, close } = await open('/en', { javaScriptEnabled: true });
    await page.keyboard.press('Tab');
    const first = await page.evaluate(() => document.activeElement.getAttribute('href'));
    assert.equal(first, '#main');
    await page.keyboard.press('Enter');
    for (let i = 0; i < 12; ++i) {
      await page.keyboard.press('Tab');
      const shown = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return document.activeElement === document.body || style.outlineStyle !== 'none'
          || style.boxShadow !== 'none';
      });
      assert.ok(shown, `focus ${i} is visible`);
    }
    await close();
  });
});

describe('a number', () => {
  test('opens from home to its rule, cut-off, SQL and source line', async () => {
    const { page, close } = await open('/en');
    const objectives = (await getJson('/api/v1/objectives')).items;
    const figures = (await getJson('/api/v1/figures')).items;
    const figure = figures.find((each) => each.how === 'computed'
      && objectives.some((objective) => objective.id === each.objective));
    await page.locator(`a[href$="/objectives/${figure.objective}"]`).first().click();
    await page.locator(`main a[href$="/figures/${figure.id}"]`).first().click();
    const text = (await page.locator('main').innerText()).toLowerCase();
    for (const word of ['computed', 'cut-off', 'select', 'line']) {
      assert.ok(text.includes(word), `${figure.id}: no '${word}'`);
    }
    await close();
  });

  test('is found by search, by keyboard alone', async () => {
    const figures = (await getJson('/api/v1/figures')).items;
    const { page, close } = await open('/es');
    await page.locator('main input[type=search]').focus();
    await page.keyboard.type(figures[0].id);
    await page.keyboard.press('Enter');
    await page.waitForURL(/search\?q=/);
    assert.ok(await page.locator(`main a[href$="/figures/${figures[0].id}"]`).count() >= 1);
    await close();
  });
});

test('switching the language stays on the page', async () => {
  const { page, close } = await open('/es/programmes');
  await page.locator('a[hreflang=en]').first().click();
  assert.equal(new URL(page.url()).pathname, '/en/programmes');
  await close();
});

test('a page that is not there says so in the language', async () => {
  for (const [language, words] of [['es', /no (existe|se encontr|est)/i], ['en', /not (found|exist|here)|no such|no page/i]]) {
    const response = await fetch(`${address}/${language}/nowhere`);
    assert.equal(response.status, 404);
    assert.match(await response.text(), words);
  }
});
