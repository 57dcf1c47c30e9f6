/** The vocabulary of tests about writing: the text on a page, where the caret goes, what is on disk. */
import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test';

/** The editable text. */
export function manuscript(page: Page): Locator {
  return page.getByRole('textbox', { name: /^(稿件正文|Text of the report)$/ });
}

/** Waits until the editor stands and the page has nothing unsaved. */
export async function ready(page: Page): Promise<void> {
  await expect(manuscript(page)).toBeVisible();
  await expectSaved(page);
}

/** The page says that everything is on the server's disk. */
export async function expectSaved(page: Page): Promise<void> {
  await expect(page.locator('.saved[data-saved]')).toHaveAttribute('data-saved', 'saved');
}

export function paragraph(page: Page, index: number): Locator {
  return manuscript(page).locator('> [data-style]').nth(index);
}

/** Puts the caret at the end of a top-level paragraph, as a click and the End key do. */
export async function caretAtEnd(page: Page, index: number): Promise<void> {
  await paragraph(page, index).click();
  await page.keyboard.press('ControlOrMeta+End');
  await paragraph(page, index).evaluate((element) => {
    const selection = getSelection();
    selection?.selectAllChildren(element);
    selection?.collapseToEnd();
  });
}

/** Puts the caret before the first character of a top-level paragraph. */
export async function caretAtStart(page: Page, index: number): Promise<void> {
  await paragraph(page, index).click();
  await paragraph(page, index).evaluate((element) => {
    const selection = getSelection();
    selection?.selectAllChildren(element);
    selection?.collapseToStart();
  });
}

/** The committed text, as the server exports it: a line for each paragraph, without indents. */
export async function committedText(
  request: APIRequestContext,
  url: string,
  reportId: string,
): Promise<string> {
  const response = await request.get(`${url}/api/reports/${reportId}/export?format=text`);
  expect(response.status(), await response.text()).toBe(200);
  return (await response.text()).replaceAll('　', '');
}

/** A body paragraph of our JSON. */
export function body(text: string): unknown {
  return { type: 'paragraph', content: text === '' ? [] : [{ type: 'text', text }] };
}

/** A title paragraph of our JSON. */
export function title(text: string): unknown {
  return { type: 'paragraph', attrs: { style: 'title' }, content: [{ type: 'text', text }] };
}
