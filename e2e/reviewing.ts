/** The vocabulary of tests about review: selecting words, cards, marks on words. */
import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import { manuscript, paragraph } from './manuscript.ts';

export const cards = (page: Page): Locator =>
  page.getByRole('complementary', { name: '批注' }).getByRole('article');
export const marked = (page: Page): Locator => manuscript(page).locator('.annotated');

/** Waits until the text stands, and may be read and not written. */
export async function reading(page: Page): Promise<void> {
  await expect(page.locator('.saved[data-saved]')).toHaveAttribute('data-saved', 'readOnly');
  await expect(manuscript(page)).toHaveAttribute('aria-readonly', 'true');
}

/** Selects from the first of some words to the last of others, in elements that hold text, as dragging does. */
export async function selectBetween(
  page: Page,
  [from, first]: [Locator, string],
  [to, last]: [Locator, string],
): Promise<void> {
  await from.click();
  const end = await to.elementHandle();
  await from.evaluate(
    (element, { first, end, last }) => {
      const place = (within: Element, offset: number): [Node, number] => {
        const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
        let left = offset;
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const length = node.textContent?.length ?? 0;
          if (left <= length) return [node, left];
          left -= length;
        }
        throw new Error(`nothing at ${offset}`);
      };
      const find = (within: Element, words: string) => {
        const at = within.textContent.indexOf(words);
        if (at < 0) throw new Error(`no ${words}`);
        return at;
      };
      if (!(end instanceof Element)) throw new Error('the selection has no end');
      const stop = find(end, last) + last.length;
      getSelection()?.setBaseAndExtent(...place(element, find(element, first)), ...place(end, stop));
    },
    { first, end, last },
  );
  await expect(page.getByRole('toolbar', { name: /^(所选文字|Selected text)$/ })).toBeVisible();
}

/** Selects words of a top-level paragraph. */
export function select(page: Page, block: number, words: string): Promise<void> {
  return selectBetween(page, [paragraph(page, block), words], [paragraph(page, block), words]);
}

/** Comments on what is selected, by keyboard. */
export async function comment(page: Page, text: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+Alt+m');
  await expect(page.getByRole('textbox', { name: '批注内容' })).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(cards(page).filter({ hasText: text })).toBeVisible();
  await expect(cards(page).getByText('等待发送')).toHaveCount(0);
}

/** Goes on with the Tab key, or back with Shift, until something has the focus. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  await expect(target).toBeFocused();
}
