import { accessSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../src/launcher/lab.ts';
import { FREE_PORTS, LAB_CONFIG, startLab } from '../../src/launcher/lab.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PHONE = '254700000001';

/** Whether chromium is away; in CI that is an error, because a check that silently did not run is no check. */
function chromiumMissing(): boolean {
  try {
    accessSync(CHROMIUM);
    return false;
  } catch {
    if (process.env['CI'] === 'true') throw new Error('chromium is needed in CI: apt-get install chromium');
    process.stderr.write('NOTICE: chromium is not installed, the phone in the browser is not played\n');
    return true;
  }
}

/** Kept for the documentation when SCREENSHOTS names a folder. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

describe.skipIf(chromiumMissing())('the phone in the browser', () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  const dir = mkdtempSync(join(tmpdir(), 'orderd-phone-'));
  const faults: string[] = [];
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    lab = await startLab({ dir, ports: FREE_PORTS, config: LAB_CONFIG, mail: true });
    stops.push(() => lab.stop());
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    stops.push(() => browser.close());
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => {
      if (line.type() === 'error') faults.push(line.text());
    });
  });
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const phone = (number = PHONE) => page.locator(`.phone[data-number="${number}"]`);
  const text = async (words: string, number = PHONE): Promise<void> => {
    await phone(number).getByLabel('Message', { exact: true }).fill(words);
    await phone(number).getByRole('button', { name: 'Send' }).first().click();
  };

  it('orders by SMS, and shows the notice and the bytes beneath, field by field', async () => {
    await page.goto(`${lab.smscUrl}/?number=${PHONE}`);
    await expect.poll(() => page.locator('#link').textContent(), { timeout: 20_000 }).toContain('bound: orderd');
    await text('NEWS');
    await phone().getByText('Daily Headlines by Daily Planet Media is ordered').waitFor();
    await page.locator('#pdus button', { hasText: 'submit_sm' }).last().click();
    await page.locator('#fields td', { hasText: 'short_message' }).waitFor();
    expect(await page.locator('#fields tbody').textContent()).toContain('0x00000004 submit_sm');
    await shot(page, 'phone-sms-order');
  });

  it('pops up a flash notice, which is gone once it is dismissed', async () => {
    await text('MATCH FLASH');
    const flash = phone().locator('dialog.flash');
    await flash.getByText('Match Report').waitFor();
    await shot(page, 'phone-flash-notice');
    await flash.getByRole('button', { name: 'Dismiss' }).click();
    expect(await flash.isVisible()).toBe(false);
    expect(await phone().locator('.thread').textContent()).not.toContain('Match Report by');
  });

  it('reads an emailed code, and replies it by SMS', async () => {
    await text(`QUIZ EMAIL ${PHONE}@phone.example`);
    const mail = phone().locator('.mails li').first();
    await mail.waitFor();
    const code = /\b\d{6}\b/.exec((await mail.locator('p').textContent()) ?? '')?.[0] ?? 'no code';
    await shot(page, 'phone-emailed-code');
    expect(await phone().locator('.thread').textContent()).not.toContain(code);
    await text(code);
    await phone().locator('.mails li', { hasText: 'is ordered' }).waitFor();
    await shot(page, 'phone-emailed-notice');
  });

  it('is several phones, each with its own threads', async () => {
    const other = '254700000002';
    await page.getByLabel('Number').fill(other);
    await page.getByRole('button', { name: 'Add phone' }).click();
    await text('GOLD', other);
    await phone(other).getByText('Reply YES').waitFor();
    expect(await phone().locator('.thread').textContent()).not.toContain('Reply YES');
    await text('YES', other);
    await phone(other).getByText('is ordered').waitFor();
    await shot(page, 'phone-two-numbers');
  });

  it('orders in a dialogue that it dials, screen by screen, and an answer to a challenge too', async () => {
    const caller = '254700000003';
    await page.getByLabel('Number').fill(caller);
    await page.getByRole('button', { name: 'Add phone' }).click();
    const ussd = phone(caller).locator('.ussd');
    const shows = (words: RegExp) => ussd.locator('.text').filter({ hasText: words }).waitFor();
    const reply = async (option: RegExp): Promise<void> => {
      const screen = (await ussd.locator('.text').textContent()) ?? '';
      const line = screen.split('\n').find((each) => option.test(each)) ?? '';
      await ussd.getByLabel('Answer').fill(/^\d+/.exec(line)?.[0] ?? `no ${option} in ${screen}`);
      await ussd.getByRole('button', { name: 'Send' }).click();
    };
    await phone(caller).getByLabel('Dial', { exact: true }).fill('*384#');
    await phone(caller).getByRole('button', { name: 'Call' }).click();
    await shows(/What would you like/);
    await shot(page, 'phone-ussd-menu');
    await reply(/Order/);
    await shows(/Choose a service/);
    await reply(/Gold/);
    await shows(/Gold Price Alerts by Karat Watch/);
    await reply(/Order$/);
    await shows(/Reply YES/);
    await shot(page, 'phone-ussd-challenge');
    await reply(/Yes/);
    await shows(/Gold Price Alerts by Karat Watch is ordered/);
    expect(await ussd.getByLabel('Answer').isVisible()).toBe(false);
    await page
      .locator('#pdus button', { hasText: /submit_sm$/ })
      .first()
      .click();
    await page.locator('#fields td', { hasText: 'ussd_service_op' }).waitFor();
    await shot(page, 'phone-ussd-ordered');
    await ussd.getByRole('button', { name: 'OK' }).click();
    expect(await ussd.isVisible()).toBe(false);
    expect(await phone(caller).locator('.thread li').count()).toBe(0);
  });

  it('had no fault in the page, and asked nobody but its own server', () => {
    expect(faults).toEqual([]);
  });
});
