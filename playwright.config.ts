import { defineConfig } from '@playwright/test';
import { findChromium } from './.ci/browser.mjs';
import { HOST_ORIGIN, LAB_ORIGIN } from './tests/e2e/support/ports.mjs';

const executablePath = await findChromium();

/** The built page on one origin, the example host page of the embeds on another. */
export default defineConfig({
  testDir: 'tests/e2e',
  // Bounds for what hangs, far above what anything takes: the machine that tests may be slow and busy.
  timeout: 180_000,
  expect: { timeout: 45_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: !!process.env.CI,
  retries: 0,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  outputDir: 'test-results/e2e',
  use: { baseURL: LAB_ORIGIN, trace: 'retain-on-failure' },
  projects: [
    {
      name: 'chromium',
      use: {
        browserName: 'chromium',
        viewport: { width: 1440, height: 900 },
        launchOptions: {
          ...(executablePath ? { executablePath } : {}),
          args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
        },
      },
    },
  ],
  webServer: [
    { command: 'npm exec vite preview', url: `${LAB_ORIGIN}/`, reuseExistingServer: !process.env.CI, timeout: 30_000 },
    { command: 'node tests/e2e/support/host-server.mjs', url: `${HOST_ORIGIN}/`, reuseExistingServer: !process.env.CI, timeout: 30_000 },
  ],
});
