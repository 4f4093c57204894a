import { expect, test } from '@playwright/test';
import { expectAccessible, LabPage } from './support/lab-page.ts';

test('watched memory stops the run after the access, says what it did, and is run back to', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  await lab.press('Home');
  const pane = await lab.show('Breakpoints');
  await pane.getByLabel('Stop after').selectOption('a write');
  await pane.getByLabel('Address or symbol to watch').fill('process_1');
  await pane.getByRole('button', { name: 'Add' }).nth(1).click();
  await expect(pane.getByText('8 bytes, a write')).toBeVisible();
  const stops: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const before = await lab.instructions();
    await lab.press('r');
    await expect(lab.now).toContainText(/sd .* has written to process_1: 0x[0-9a-f]{16} became 0x[0-9a-f]{16}\./);
    expect(await lab.instructions()).toBeGreaterThan(before);
    stops.push(`${String(await lab.instructions())} ${await lab.now.innerText()}`);
  }
  await expect(pane.locator('li[aria-current="true"] .watch-hit')).toContainText('→');
  for (const stop of stops.slice(0, -1).reverse()) {
    await lab.press('Shift+R');
    expect(`${String(await lab.instructions())} ${await lab.now.innerText()}`).toBe(stop);
  }
  await lab.press('Shift+R');
  expect(await lab.instructions()).toBe(0);
  await pane.getByRole('button', { name: /Watch 0x.* no longer/ }).click();
  await expect(pane.getByText('8 bytes, a write')).toHaveCount(0);
  await expectAccessible(page);
});

test('a row of memory is watched by a click beside it', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  await lab.press('Home');
  const pane = await lab.show('Memory');
  await pane.getByLabel('Address', { exact: true }).fill('process_1');
  await pane.getByRole('button', { name: 'Go' }).click();
  const beside = pane.getByRole('button', { name: /^Watch the 8 bytes at/ }).first();
  await beside.click();
  await expect(beside).toHaveAttribute('aria-pressed', 'true');
  await lab.press('r');
  await expect(lab.now).toContainText(/at .* (has read|has written)/);
  await expectAccessible(page);
  await beside.click();
  await expect(beside).toHaveAttribute('aria-pressed', 'false');
});
