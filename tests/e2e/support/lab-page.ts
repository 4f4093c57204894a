/** The page as a student drives it, and the waiting that every test needs: for the app's own idle signal, never for a time. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';

export class LabPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens a place (`#/learn/sret`) and waits until the machine stands where the page wants it. */
  async open(place = ''): Promise<void> {
    await this.page.goto(`/${place}`);
    await this.idle();
  }

  async idle(): Promise<void> {
    await expect(this.page.locator('html')).toHaveAttribute('data-idle', 'true');
  }

  /** The first screen's machine: its first sret has trapped. */
  async opened(): Promise<void> {
    await this.open();
    await expect(this.now).toContainText('SPP');
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    await this.idle();
  }

  async click(name: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name }).first().click();
    await this.idle();
  }

  get now(): Locator {
    return this.page.locator('.now-strip');
  }

  pane(id: string): Locator {
    return this.page.locator(`[data-pane="${id}"]`);
  }

  /** Brings a pane to the front by its tab. */
  async show(tab: string): Promise<Locator> {
    await this.page.getByRole('tab', { name: tab, exact: true }).click();
    await this.idle();
    return this.page.getByRole('tabpanel', { name: tab, exact: true });
  }

  /** The row of a control register: its name, the real value, the virtual value, why. */
  csr(name: string): Locator {
    return this.page.locator(`tr[data-csr="${name}"]`);
  }

  /** A register's value in one of the two worlds. */
  async csrValue(name: string, world: 'real' | 'virtual'): Promise<bigint> {
    return BigInt(`0x${await this.csr(name).locator('.hex').nth(world === 'real' ? 0 : 1).innerText()}`);
  }

  /** What the guest has printed, as a reader of the screen gets it. */
  get console(): Locator {
    return this.page.locator('.xterm-accessibility-tree');
  }

  async instructions(): Promise<number> {
    const text = await this.page.locator('.counters').innerText();
    return Number(/([\d,]+)\s+instructions/.exec(text)![1]!.replaceAll(',', ''));
  }
}

/** Nothing that axe finds. */
export async function expectAccessible(page: Page): Promise<void> {
  // Monaco draws its own lines and says so to axe by canvas and roles that axe cannot follow; its makers test it.
  const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)).toEqual([]);
}

/** Fails a test at any uncaught error of the page, and at anything that the content security policy has to stop. */
export function expectNoErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => { errors.push(error.message); });
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  return errors;
}

