/** Paging as a student looks at it: three tables side by side, step by step, by mouse and by keys; and all mappings. */
import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoErrors, LabPage } from './support/lab-page.ts';

test('an address is walked through three tables, a level at a time, by key and by button', async ({ page }) => {
  const errors = expectNoErrors(page);
  const lab = new LabPage(page);
  await lab.opened();
  const walk = await lab.show('Page tables');
  const story = walk.getByRole('status', { name: 'This step of the walk' });
  await expect(story).toContainText('A fetch in user mode');
  for (const table of ['Guest’s table', 'VMM’s memory map', 'Shadow table']) await expect(walk.getByRole('heading', { name: table })).toBeVisible();
  await lab.press('l');
  await expect(story).toContainText('bits 38 to 30 of the address');
  await expect(story).toContainText('V=1 valid');
  await expect(walk.locator('[aria-current="step"]')).toHaveCount(1);
  await walk.getByRole('button', { name: 'One level forward' }).click();
  await expect(walk.getByText(/step 2 of/)).toBeVisible();
  await lab.press('Shift+L');
  await expect(walk.getByText(/step 1 of/)).toBeVisible();
  expect(errors).toEqual([]);
});

test('at a hidden page fault the walk is that of the faulting address, and says what the VMM is about to do', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  const points = await lab.show('Breakpoints');
  await points.getByRole('checkbox', { name: /Load page fault/ }).check();
  await lab.idle();
  await lab.press('Home');
  await page.locator('body').press('r');
  await expect(lab.now).toContainText('Load page fault');
  const walk = await lab.show('Page tables');
  const story = walk.getByRole('status', { name: 'This step of the walk' });
  await expect(story).toContainText(/A load in .* mode/);
  await expect(story).toContainText('The VMM fills the shadow entry in');
  await expect(story).toContainText('The shadow table does not have the page yet');
});

test('a pane is enlarged by its button and by a key, and put back', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  const walk = await lab.show('Page tables');
  await page.getByRole('button', { name: /Enlarge Page tables/ }).click();
  await expect(lab.pane('mode-ladder')).toHaveCount(0);
  await expect(walk).toBeVisible();
  await lab.press('f');
  await expect(lab.pane('mode-ladder')).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
  test(`all mappings are listed, filtered and searched; axe finds nothing in either view: ${theme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme: theme });
    const page = await context.newPage();
    const lab = new LabPage(page);
    await lab.opened();
    const walk = await lab.show('Page tables');
    await expect(walk.getByRole('heading', { name: 'Shadow table' })).toBeVisible();
    await expectAccessible(page);
    await walk.getByRole('radio', { name: 'All mappings' }).click();
    const table = walk.getByRole('table', { name: 'All mappings' });
    await expect(table.getByRole('row').nth(1)).toBeVisible();
    await walk.getByLabel('Which table').selectOption('memory');
    await expect(table.getByRole('row', { name: /0x80200000.*0x81200000.*2 MiB/ })).toBeVisible();
    await walk.getByLabel('Which table').selectOption('shadow');
    await expect(walk.getByText(/shadow tables use \d+ pages/)).toBeVisible();
    await walk.getByLabel('Search an address').fill('0x80200');
    await expect(table.getByRole('row').nth(1)).toContainText('0x80200');
    await expectAccessible(page);
    await context.close();
  });
}
