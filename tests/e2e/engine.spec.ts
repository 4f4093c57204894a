/** The engine as a student looks at it: which tier ran what, how fast, and why. */
import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoErrors, LabPage } from './support/lab-page.ts';

/** A kernel that counts for ever, in memory and with a call into another page: hot at once. */
const HOT = `
        .globl  _start
_start: la      s0, number
1:      ld      t0, 0(s0)
        addi    t0, t0, 1
        sd      t0, 0(s0)
        call    other
        j       1b
        .balign 4096
other:  addi    a0, a0, 1
        ret
        .data
        .balign 4096
number: .dword  0
`;

async function drop(lab: LabPage, name: string, text: string): Promise<void> {
  await lab.page.evaluate(([file, content]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([content], file));
    document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
  }, [name, text] as const);
  await expect(lab.page.getByLabel('Program', { exact: true })).toContainText(name);
  await lab.idle();
}

test('a program that runs hot is translated, and the pane says how fast it ran, where, and why it left', async ({ page }) => {
  const errors = expectNoErrors(page);
  const lab = new LabPage(page);
  await lab.opened();
  await drop(lab, 'hot.s', HOT);
  const pane = await lab.show('Engine');
  await expect(pane).toContainText('Run the machine');
  await page.locator('body').press('r');
  await expect(pane.getByRole('img', { name: /Million steps a second/ })).toBeVisible();
  await lab.press('r');
  const count = async (row: string): Promise<number> => Number((await pane.locator('.counts').getByRole('row', { name: new RegExp(row) }).locator('td').first().innerText()).replaceAll(',', ''));
  expect(await count('Translated code')).toBeGreaterThan(await count('Interpreter'));
  expect(await count('On to another region')).toBeGreaterThan(1000);
  // Coming to rest forgets no code.
  await expect(pane.getByText(/^[1-9]\d* held now/)).toBeVisible();
  // At rest it stays, and going back does not take the work back.
  const before = await count('Translated code');
  await lab.press('Shift+I');
  expect(await count('Translated code')).toBeGreaterThanOrEqual(before);
  await expectAccessible(page);
  // Another program is another machine.
  await drop(lab, 'again.s', HOT);
  await expect(await lab.show('Engine')).toContainText('Run the machine');
  expect(errors).toEqual([]);
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the pane of the engine on a narrow screen: ${theme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme: theme, viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    const lab = new LabPage(page);
    await lab.opened();
    await lab.show('Engine');
    await expectAccessible(page);
    await context.close();
  });
}
