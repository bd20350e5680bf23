/** Chromium for tests: found, started, and watched. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** It must reach nothing: not its maker's services either. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const HOW_TO_GET_CHROMIUM =
  'Chromium is not installed, and the page is opened in it: `apt-get install chromium`, or put `chromium` or `google-chrome` on the PATH.';

/** Path of Chromium, or undefined if it is not installed. */
export function findChromium(): string | undefined {
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Starts it. Whoever starts it closes it. */
export async function startChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

/** What a page did that a report must not do. */
export interface Watched {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

interface View {
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly pixelsPerPoint?: number;
}

/** Opens a page whose every request is refused and noted, and whose every message to the console is kept. */
export async function openWatched(browser: Browser, html: string, view: View): Promise<Watched> {
  const page = await browser.newPage({
    colorScheme: view.colorScheme,
    viewport: { width: view.width, height: 900 },
    deviceScaleFactor: view.pixelsPerPoint ?? 1,
  });
  const requests: string[] = [];
  const complaints: string[] = [];
  await page.route('**/*', async (route) => {
    requests.push(route.request().url());
    await route.abort();
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.setContent(html, { waitUntil: 'load' });
  return { page, requests, complaints };
}
