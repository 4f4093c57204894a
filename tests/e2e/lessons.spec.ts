import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoErrors, LabPage } from './support/lab-page.ts';

test('lesson two can be taken from beginning to end by keyboard alone', async ({ page }) => {
  const errors = expectNoErrors(page);
  const lab = new LabPage(page);
  await lab.open('#/learn/sret');
  const prose = page.locator('.lesson-text');
  await expect(prose.getByRole('heading', { name: 'A kernel wants to enter user mode' })).toBeVisible();

  /** Answers the open prediction: Tab to its choices, arrows to the one wanted, Enter on Answer. */
  const answer = async (choice: number): Promise<void> => {
    await prose.focus();
    for (let i = 0; i < 30 && !await page.evaluate(() => document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'radio'); i += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    for (let i = 0; i < choice; i += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await lab.idle();
  };
  await answer(0);
  await expect(prose.getByText('Right.')).toBeVisible();
  await expect(prose.getByText('The machine says: 2')).toBeVisible();
  expect(await lab.csrValue('scause', 'real')).toBe(2n);

  await lab.press('n');
  await expect(prose.getByRole('heading', { name: 'What was that?' })).toBeVisible();
  await lab.press('j');
  await expect(lab.now).toContainText('step 3 of 8');

  await lab.press('n');
  await answer(0);
  await expect(prose.getByText('Not quite.')).toBeVisible();
  await expect(prose.getByText('The machine says: user')).toBeVisible();

  await lab.press('n');
  await answer(1);
  await expect(prose.getByText('Right.')).toBeVisible();
  expect(await lab.csrValue('sepc', 'real')).toBe(0x10000n);

  await lab.press('n');
  await expect(lab.now).toContainText('shadow');
  await lab.press('n');
  await expect(prose.getByText('You have finished this lesson.')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Real mode user. Virtual mode user.' })).toBeVisible();
  expect(errors).toEqual([]);
});

test('progress is kept', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('#/learn/ecall');
  await lab.press('n');
  await lab.press('n');
  await page.goto('/#/learn');
  await expect(page.getByRole('link', { name: /What happens on ecall/ })).toContainText('begun');
  await page.reload();
  await expect(page.getByRole('link', { name: /What happens on ecall/ })).toContainText('begun');
  await page.getByRole('link', { name: /What happens on ecall/ }).click();
  await expect(page.locator('.dots [aria-current]')).toHaveAccessibleName('Step 3 of 6');
});

test('without storage the page says so and goes on', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };
    Storage.prototype.setItem = () => { throw new DOMException('refused', 'SecurityError'); };
    Storage.prototype.getItem = () => { throw new DOMException('refused', 'SecurityError'); };
  });
  const lab = new LabPage(page);
  await lab.open('#/learn/user-mode');
  await expect(page.locator('.notice')).toContainText('keeps nothing');
  await lab.press('n');
  await expect(page.locator('.dots [aria-current]')).toHaveAccessibleName('Step 2 of 6');
});

test('a link in the prose shows its pane', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('#/learn/user-mode');
  await page.locator('.lesson-text').getByRole('button', { name: 'disassembly' }).click();
  await expect(page.getByRole('tab', { name: 'Code' })).toHaveAttribute('aria-selected', 'true');
});

test('a lesson is there in Chinese', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const page = await context.newPage();
  const lab = new LabPage(page);
  await lab.open('#/learn/sret');
  await expect(page.getByRole('heading', { name: '内核想进入用户态' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await context.close();
});

for (const slug of ['deprivileged', 'sret', 'ecall']) {
  test(`exercise ${slug}: the starter fails with reasons, a solution passes by one key`, async ({ page }) => {
    const lab = new LabPage(page);
    await lab.open(`#/exercises/${slug}`);
    await page.getByRole('button', { name: /^Check/ }).click();
    await lab.idle();
    await expect(page.locator('.exercise-results .bad')).toContainText(/check/);
    await expect(page.locator('.checks .failed').first()).toContainText('found');
    await page.getByRole('button', { name: 'Show a solution' }).click();
    await page.getByRole('button', { name: 'Yes, show it' }).click();
    await page.locator('.monaco-editor .view-line').nth(4).click();
    await page.keyboard.press('Control+Enter');
    await lab.idle();
    await expect(page.locator('.exercise-results .good')).toHaveText('All checks pass.');
    await page.goto('/#/exercises');
    await expect(page.locator('.badge.done')).toHaveCount(1);
  });
}

test('what the learner wrote is kept, and an error in it is one sentence', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open('#/exercises/sret');
  await page.locator('.monaco-editor .view-line').nth(4).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\noops a0');
  await page.keyboard.press('Control+Enter');
  await lab.idle();
  await expect(page.locator('.exercise-results .bad')).toContainText('There is no instruction “oops”');
  await page.reload();
  await lab.idle();
  await expect(page.locator('.monaco-editor').first()).toContainText('oops');
});

for (const place of ['#/learn', '#/learn/sret', '#/exercises', '#/exercises/ecall', '#/nowhere']) {
  test(`axe finds nothing at ${place}`, async ({ page }) => {
    const lab = new LabPage(page);
    await page.goto(`/${place}`);
    if (place.split('/').length > 2) await lab.idle();
    await expect(page.locator('main')).toBeVisible();
    await expectAccessible(page);
  });
}
