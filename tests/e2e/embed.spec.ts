import { expect, test, type Page } from '@playwright/test';
import { expectNoErrors } from './support/lab-page.ts';
import { HOST_ORIGIN, LAB_ORIGIN } from './support/ports.mjs';

const HOST = `${HOST_ORIGIN}/?lab=${LAB_ORIGIN}`;

const told = async (page: Page, type: string): Promise<Record<string, unknown>[]> =>
  (await page.locator('#log li').allInnerTexts()).map((text) => JSON.parse(text) as Record<string, unknown>).filter((message) => message['type'] === type);

test('a lesson in a page of another origin connects, tells its traps and answers, and obeys', async ({ page }) => {
  const errors = expectNoErrors(page);
  await page.goto(HOST);
  const lesson = page.frameLocator('#lesson');
  await expect(lesson.getByRole('heading', { name: 'A kernel wants to enter user mode' })).toBeVisible();
  await expect.poll(() => told(page, 'ready')).toHaveLength(1);
  await expect.poll(async () => (await told(page, 'trap')).length).toBeGreaterThan(0);
  await expect.poll(async () => (await told(page, 'resize')).length).toBeGreaterThan(0);

  await expect(lesson.locator('html')).toHaveAttribute('data-idle', 'true');
  await lesson.getByRole('radio', { name: '2, illegal instruction' }).check();
  await lesson.getByRole('button', { name: 'Answer' }).click();
  await expect.poll(() => told(page, 'prediction')).toEqual([{ v: 1, type: 'prediction', id: 'cause', correct: true, tries: 1 }]);

  await page.getByRole('button', { name: 'Next micro-step' }).click();
  await expect(lesson.locator('.now-strip')).toContainText('step 2 of 8');
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(lesson.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(errors).toEqual([]);
});

test('an embedded lesson never takes the focus and never scrolls the page around it', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 420 });
  await page.goto(HOST);
  await page.locator('#name').focus();
  const lesson = page.frameLocator('#lesson');
  await expect(lesson.getByRole('heading', { name: 'A kernel wants to enter user mode' })).toBeVisible();
  await expect(lesson.locator('html')).toHaveAttribute('data-idle', 'true');
  await expect.poll(async () => (await told(page, 'ready')).length).toBe(1);
  await page.getByRole('button', { name: 'Next micro-step' }).evaluate((button: HTMLButtonElement) => { button.click(); });
  await expect(lesson.locator('.now-strip')).toContainText('step 1 of 8');
  expect(await page.evaluate(() => [document.activeElement?.id, window.scrollY])).toEqual(['name', 0]);
});

test('the exercise of a lesson tells its result', async ({ page }) => {
  await page.goto(HOST);
  const lesson = page.frameLocator('#lesson');
  await lesson.getByRole('button', { name: 'Step 6 of 6' }).click();
  await lesson.getByRole('button', { name: 'Now do it yourself: the exercise' }).click();
  await lesson.getByRole('button', { name: /^Check/ }).click();
  await expect.poll(async () => (await told(page, 'exercise'))[0]).toMatchObject({ id: '02-sret', passed: false });
});

test('messages from strangers change nothing', async ({ page }) => {
  await page.goto(`${HOST}&extra=${encodeURIComponent('&host=https://elsewhere.example')}`);
  const lesson = page.frameLocator('#lesson');
  await expect(lesson.getByRole('heading', { name: 'A kernel wants to enter user mode' })).toBeVisible();
  await expect(lesson.locator('.now-strip')).toContainText('about to take a trap');
  await expect(lesson.locator('html')).toHaveAttribute('data-idle', 'true');
  const before = await lesson.locator('.now-strip').innerText();
  await page.evaluate(() => {
    const target = document.querySelector('iframe')!.contentWindow!;
    for (const data of [{ hypervisible: 1, type: 'connect', id: 'guess' }, { v: 1, type: 'step', unit: 'trap' }, 'run', null]) target.postMessage(data, '*', data && typeof data === 'object' && 'id' in data ? [new MessageChannel().port2] : []);
  });
  await expect(lesson.locator('html')).toHaveAttribute('data-idle', 'true');
  expect(await lesson.locator('.now-strip').innerText()).toBe(before);
  expect(await told(page, 'ready')).toEqual([]);
});

test('unknown parameters are ignored and told, the rest holds', async ({ page }) => {
  await page.goto('/embed/v1/ecall/?theme=dark&lang=zh-CN&colour=red&view=all');
  await expect(page.getByRole('heading', { name: '执行 ecall 时发生了什么' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('.notice')).toContainText('colour=red, view=all');
});

for (const [view, pane] of [['csrs', 'csrs'], ['steps', 'micro-steps'], ['timeline', 'timeline'], ['console', 'console']] as const) {
  test(`view=${view} shows that pane alone`, async ({ page }) => {
    await page.goto(`/embed/v1/sret/?view=${view}`);
    await expect(page.locator(`[data-pane="${pane}"]`)).toBeVisible();
    await expect(page.locator('[data-pane]')).toHaveCount(1);
    await expect(page.locator('.now-strip')).toContainText('trap');
  });
}

test('readonly takes no typing and offers no editing', async ({ page }) => {
  await page.goto('/embed/v1/sret/?readonly=1');
  await expect(page.locator('html')).toHaveAttribute('data-idle', 'true');
  await page.getByRole('button', { name: 'Step 6 of 6' }).click();
  await expect(page.getByRole('heading', { name: 'Two srets for one' })).toBeVisible();
  await expect(page.getByRole('button', { name: /the exercise/ })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Source' }).click();
  await expect(page.getByRole('button', { name: 'Edit the source' })).toHaveCount(0);
});

test('an address of no lesson names those that there are', async ({ page }) => {
  await page.goto('/embed/v1/nothing/');
  await expect(page.getByRole('heading')).toContainText('There is no lesson “nothing”. There are: user-mode, sret, ecall.');
});
