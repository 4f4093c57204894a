/** Mistakes of the VMM, and what may be chosen while a guest runs. */
import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoErrors, LabPage } from './support/lab-page.ts';

test('a mistake of the VMM stops the guest at the first wrong moment, which names the rule; from there one steps back', async ({ page }) => {
  const errors = expectNoErrors(page);
  const lab = new LabPage(page);
  await lab.opened();
  await page.getByLabel('Program', { exact: true }).selectOption('hello');
  await lab.idle();
  const pane = await lab.show('Break it');
  await expect(pane.getByRole('checkbox')).toHaveCount(29);
  // Mistakes that this guest does not meet: it ends as ever.
  await pane.getByRole('checkbox', { name: 'sret always goes to the user' }).check();
  await pane.getByRole('checkbox', { name: 'wfi does not look' }).check();
  await lab.press('r');
  await expect(page.locator('.state.halted')).toHaveText('Ended with status 0');

  await pane.getByRole('button', { name: 'Show me: sret always goes to the user' }).click();
  await lab.idle();
  await expect(lab.now).toContainText('The VMM has broken its rule V4.');
  const wrong = pane.getByRole('region', { name: 'The first wrong moment' });
  await expect(wrong).toContainText("A virtual sret does what the hardware's does, and goes to the mode in SPP");
  await expect(wrong.getByRole('row', { name: /virtual mode/ })).toHaveText('virtual modeSU');
  await expect(pane.locator('li.on')).toHaveCount(1);
  await expectAccessible(page);
  // The micro-step that did it is beside the source; one step back it has not happened.
  await wrong.getByRole('button', { name: 'What the VMM did' }).click();
  await expect(page.getByRole('listbox', { name: /Micro-steps of trap/ })).toContainText('Mode from SPP');
  await lab.press('Shift+I');
  await expect(page.locator('.state.paused')).toBeVisible();
  await expect(wrong).toBeHidden();
  await lab.press('i');
  await expect(wrong).toBeVisible();
  // Let into it, the guest goes where it must not.
  await wrong.getByRole('button', { name: 'Let the guest run into it' }).click();
  await expect(wrong).toBeHidden();
  // In U its calls of the firmware are system calls, of itself: cause 8, for ever.
  await expect(lab.console).toContainText('iiii');
  expect(errors).toEqual([]);
});

test('regime and shadow tables change on a running guest: it stands where it stood', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  await page.getByLabel('Program', { exact: true }).selectOption('echo');
  await lab.idle();
  await lab.press('r');
  await expect(page.locator('.state.idle')).toBeVisible();
  await page.locator('.console-screen').click();
  await page.keyboard.type('time\r');
  await expect(lab.console).toContainText(/time\d/);
  const before = await lab.instructions();
  for (const regime of ['Bare', 'Paravirtual', 'Trap and emulate']) {
    await page.getByRole('radio', { name: regime }).click();
    await lab.idle();
    await expect(page.locator('.state.idle')).toBeVisible();
    await expect(lab.console).toContainText(/time\d/);
    expect(await lab.instructions()).toBe(before);
  }
  const shadow = page.getByLabel('Shadow page tables', { exact: true });
  for (const variant of ['write-protect', 'eager', 'lazy']) {
    await shadow.selectOption(variant);
    await lab.idle();
    await expect(shadow).toHaveValue(variant);
    expect(await lab.instructions()).toBe(before);
  }
  await page.locator('.console-screen').click();
  await page.keyboard.type('exit\r');
  await expect(page.locator('.state.halted')).toBeVisible();
});

test('a guest is compared bare and under each VMM, and the machine that one looks at stays where it is', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  await page.getByLabel('Program', { exact: true }).selectOption('hello');
  await lab.idle();
  const pane = await lab.show('Compare');
  const before = await lab.instructions();
  await pane.getByRole('button', { name: 'Compare' }).click();
  await expect(pane.getByRole('region', { name: 'What each run cost' }).getByRole('columnheader')).toHaveCount(6);
  await lab.idle();
  const same = pane.getByRole('row', { name: /Console as bare/ });
  await expect(same.getByRole('cell')).toHaveText(['yes', 'yes', 'yes', 'yes', 'yes']);
  const exits = await pane.getByRole('row', { name: /^Exits to the VMM/ }).getByRole('cell').allInnerTexts();
  expect(exits[0]).toBe('0');
  for (const count of exits.slice(1)) expect(Number(count)).toBeGreaterThan(0);
  expect(await lab.instructions()).toBe(before);
  await expectAccessible(page);
});
