import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

const PATH = '/usr/bin/chromium';

/** Debian's Chromium; CI installs it, elsewhere its tests are skipped with a notice. */
export function hasBrowser(): boolean {
  if (existsSync(PATH)) return true;
  if (process.env['CI'] === 'true') throw new Error('CI needs Chromium (Debian package chromium)');
  process.stdout.write('no Chromium at /usr/bin/chromium: the pages are not played\n');
  return false;
}

export interface Browser {
  readonly context: BrowserContext;
  /** Texts of the console's errors and of what the page's policy forbade. */
  readonly faults: readonly string[];
  page(): Promise<Page>;
  close(): Promise<void>;
}

export async function openBrowser(): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'orderd-chromium-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: PATH,
    viewport: { width: 1280, height: 860 },
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
  const faults: string[] = [];
  return {
    context,
    faults,
    async page() {
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text()))
          faults.push(message.text());
      });
      return page;
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
