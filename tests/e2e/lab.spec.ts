import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { expectAccessible, expectNoErrors, LabPage } from './support/lab-page.ts';

test('the first screen shows a guest’s sret being emulated, without a click', async ({ page }) => {
  const errors = expectNoErrors(page);
  const lab = new LabPage(page);
  await lab.opened();
  await expect(lab.now).toContainText('VMM');
  await expect(page.getByRole('img', { name: 'Real mode supervisor. Virtual mode user.' })).toBeVisible();
  await expect(lab.pane('micro-steps').getByRole('option', { name: 'Mode from SPP' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('.source-line.marked')).toContainText('virtual-sret.mode');
  await expect(page.locator('.instructions [aria-current="true"]')).toContainText('sret');
  await expect(lab.console).toContainText('Two processes, one processor.');
  expect(errors).toEqual([]);
});

test('micro-steps go forward and back, and the registers go with them', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  const sretAt = await lab.csrValue('sepc', 'real');
  const target = await lab.csrValue('sepc', 'virtual');
  expect(target).not.toBe(sretAt);
  await lab.press('j');
  await lab.press('j');
  await expect(lab.now).toContainText('copies the virtual sepc into the real sepc');
  expect(await lab.csrValue('sepc', 'real')).toBe(target);
  await lab.press('k');
  expect(await lab.csrValue('sepc', 'real')).toBe(sretAt);
});

test('a click on a micro-step moves the machine there', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  await lab.pane('micro-steps').getByRole('option', { name: 'Real sret' }).click();
  await lab.idle();
  await expect(page.getByRole('img', { name: 'Real mode user. Virtual mode user.' })).toBeVisible();
});

test('instruction and trap steps go both ways', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  const at = page.locator('.timeline-at');
  const [trap = ''] = (await at.innerText()).split(' of ');
  expect(trap).toMatch(/^Trap [0-9]+$/);
  await lab.press('i');
  const after = await lab.instructions();
  await lab.press('i');
  expect(await lab.instructions()).toBeGreaterThanOrEqual(after);
  await lab.press(']');
  await expect(lab.now).toContainText('about to take a trap');
  await lab.press('[');
  await lab.press('[');
  await expect(at).toContainText(`${trap} of`);
  await lab.press('Home');
  expect(await lab.instructions()).toBe(0);
  await expect(lab.now).toContainText('before its first instruction');
});

test('running to the end prints the same bare and under the VMM', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  const ends: string[] = [];
  for (const regime of ['Trap and emulate', 'Bare']) {
    await page.getByRole('radio', { name: regime }).click();
    await lab.idle();
    await lab.press('Home');
    await lab.press('r');
    await expect(page.locator('.state.halted')).toHaveText('Ended with status 0');
    await expect(lab.console).toContainText('Both have exited.');
    ends.push((await lab.console.innerText()).trim());
  }
  expect(ends[0]).toBe(ends[1]);
  await expect(page.getByText('There is no VMM: the guest’s registers are the real ones.')).toBeVisible();
});

test('the console takes what is typed', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  await page.getByLabel('Program', { exact: true }).selectOption('echo');
  await lab.idle();
  await lab.press('r');
  await expect(page.locator('.state.idle')).toBeVisible();
  await page.locator('.console-screen').click();
  await page.keyboard.type('help\r');
  await expect(lab.console).toContainText('switch the machine off');
  await page.keyboard.type('exit\r');
  await expect(page.locator('.state.halted')).toBeVisible();
});

test('a breakpoint by address and one by trap cause stop a run', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  const points = await lab.show('Breakpoints');
  await points.getByLabel('Address or symbol', { exact: true }).fill('trap_handler');
  await points.getByRole('button', { name: 'Add' }).first().click();
  await lab.idle();
  await lab.press('Home');
  await page.locator('body').press('r');
  await expect(lab.now).toContainText('Stopped at the breakpoint trap_handler');
  await points.getByRole('button', { name: /Remove/ }).click();
  await points.getByRole('checkbox', { name: /Supervisor timer interrupt/ }).check();
  await lab.idle();
  await lab.click(/^Run R/);
  await expect(lab.now).toContainText('Supervisor timer interrupt');
});

test('memory, page tables and statistics answer', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  const walk = await lab.show('Page tables');
  await expect(walk.getByRole('heading', { name: /Guest’s table/ })).toBeVisible();
  await expect(walk.getByRole('heading', { name: /Shadow table/ })).toBeVisible();
  await expect(walk.getByText('Level 2').first()).toBeVisible();
  const memory = await lab.show('Memory');
  await memory.getByLabel('Address', { exact: true }).fill('text_hello');
  await memory.getByRole('button', { name: 'Go' }).click();
  await lab.idle();
  await expect(memory.getByRole('table')).toContainText('Two proc');
  await memory.getByLabel('Address', { exact: true }).fill('nowhere');
  await memory.getByRole('button', { name: 'Go' }).click();
  await expect(memory.getByRole('alert')).toContainText('neither an address nor a symbol');
  const statistics = await lab.show('Statistics');
  await expect(statistics.getByRole('row', { name: /Illegal instruction/ }).first()).toBeVisible();
});

test('the editor speaks while one types, hovers and completes, and assembles', async ({ page }) => {
  const errors = expectNoErrors(page);
  await page.setViewportSize({ width: 1440, height: 1300 });
  const lab = new LabPage(page);
  await lab.opened();
  await page.getByRole('tab', { name: 'Source' }).click();
  await page.getByRole('button', { name: 'Edit the source' }).click();
  await lab.idle();
  const editor = page.locator('.monaco-editor').first();
  await editor.locator('.view-lines').click({ position: { x: 20, y: 8 } });
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('adddi a0, a0, 1\n');
  await expect(page.getByText('There is no instruction “adddi”.').first()).toBeVisible();
  await expect(page.getByText('Did you mean “addi”?').first()).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await lab.idle();
  await expect(page.getByRole('alert').first()).toContainText('the first is on line 1');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Home');
  await editor.getByText('.equ', { exact: true }).first().hover();
  await expect(page.locator('.monaco-hover').first()).toContainText('.equ');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\n        sre');
  await expect(page.getByRole('option', { name: /^sret/ })).toBeVisible();
  expect(errors).toEqual([]);

  // What was begun is there after a visit elsewhere, and after a reload.
  await page.reload();
  await expect(lab.now).toContainText('SPP');
  await page.getByRole('tab', { name: 'Source' }).click();
  await expect(page.locator('.listing')).toContainText(/\ssre$/);
});

test('a dropped ELF runs, and a foreign one is refused in one sentence while the old machine stays', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /Open a file/ }).click();
  await (await chooser).setFiles({ name: 'other.elf', mimeType: 'application/octet-stream', buffer: foreignElf() });
  await lab.idle();
  await expect(page.locator('.notice')).toContainText('other.elf is built for x86-64, not for RISC-V');
  expect(await lab.instructions()).toBeGreaterThan(0);
  const again = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /Open a file/ }).click();
  await (await again).setFiles({ name: 'kernel.elf', mimeType: 'application/octet-stream', buffer: readFileSync('public/guests/demand-paging/demand-paging.elf') });
  await lab.idle();
  await lab.press('Home');
  await page.locator('body').press('r');
  await expect(lab.console).toContainText('page faults 713', { timeout: 30_000 });
});

for (const [what, text, said] of [
  ['jumps to nowhere', '_start: li t0, 0x10\n jr t0\n', 'can never go on'],
  ['writes over its own code', '_start: la t0, _start\n1: sd zero, 0(t0)\n addi t0, t0, 8\n j 1b\n', 'can never go on'],
  ['never ends', '_start: j _start\n', 'the processor runs'],
] as const) {
  test(`a guest that ${what} is stopped or paused with one sentence`, async ({ page }) => {
    const lab = new LabPage(page);
    await lab.opened();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /Open a file/ }).click();
    await (await chooser).setFiles({ name: 'guest.s', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await lab.idle();
    await page.getByRole('button', { name: /^Run R/ }).click();
    if (what === 'never ends') {
      await expect(page.locator('.state.running')).toBeVisible();
      await page.getByRole('button', { name: /^Pause/ }).click();
    }
    await lab.idle();
    await expect(lab.now).toContainText(said);
    await lab.press('i');
  });
}

/** The head of an x86-64 executable. */
function foreignElf(): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(62, 18);
  return bytes;
}

test('a file that is dropped on the page runs', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['_start: li a0, 5\n li a7, 0x53525354\n li a6, 0\n li a0, 0\n li a1, 0\n ecall\n'], 'off.s'));
    document.body.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer }));
    document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
  });
  await expect(page.getByLabel('Program', { exact: true })).toContainText('off.s');
  await lab.idle();
  await lab.click(/^Run R/);
  await expect(page.locator('.state.halted')).toHaveText('Ended with status 0');
});

test('a worker that dies is told, and the page goes on', async ({ page }) => {
  const lab = new LabPage(page);
  await page.addInitScript(() => {
    // A crash as the page sees one: the worker's own error event.
    const Real = window.Worker;
    window.Worker = class extends Real {
      constructor(...args: ConstructorParameters<typeof Real>) {
        super(...args);
        document.addEventListener('test-crash', () => { this.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' })); });
      }
    };
  });
  await lab.opened();
  await page.evaluate(() => { document.dispatchEvent(new Event('test-crash')); });
  await expect(page.getByRole('alert')).toContainText('worker has stopped unexpectedly');
  await page.getByRole('button', { name: 'Start it again' }).click();
  await lab.idle();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await lab.press('i');
  expect(await lab.instructions()).toBeGreaterThanOrEqual(0);
});

test('help opens by key, and shortcuts can be switched off', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.opened();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Help' })).toBeVisible();
  await page.getByRole('checkbox', { name: 'Single-key shortcuts' }).uncheck();
  await page.keyboard.press('Escape');
  const before = await lab.instructions();
  await lab.press('Home');
  expect(await lab.instructions()).toBe(before);
});

for (const theme of ['light', 'dark'] as const) {
  for (const language of ['en', 'zh-CN'] as const) {
    test(`axe finds nothing in the lab: ${theme}, ${language}`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme: theme, locale: language });
      const page = await context.newPage();
      const lab = new LabPage(page);
      await lab.open();
      await expect(page.locator('.micro-step[aria-selected="true"]')).toBeVisible();
      await expectAccessible(page);
      await context.close();
    });
  }
}

for (const width of [390, 720, 1024, 1180, 1440, 1920]) {
  test(`nothing sticks out of the window at ${String(width)} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    const lab = new LabPage(page);
    await lab.open();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const outside = await page.locator('header button, header a, header select, .transport button').evaluateAll((elements, right) => elements.filter((element) => element.getBoundingClientRect().right > right + 1).map((element) => element.textContent), width);
    expect(outside).toEqual([]);
  });
}
