/** A backup is put back while browsers hold newer text: they bring it back, once, and go on. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, signIn, test } from './fixtures.ts';
import {
  body,
  caretAtEnd,
  committedText,
  expectSaved,
  manuscript,
  paragraph,
  ready,
  title,
} from './manuscript.ts';
import type { Account } from './server.ts';

/** The page notices that its session is gone and asks for the password in place. */
async function signInAgain(page: Page, { password }: Account): Promise<void> {
  const dialog = page.getByRole('dialog', { name: '登录已失效' });
  await dialog.getByLabel('密码').fill(password);
  await dialog.getByRole('button', { name: '登录' }).click();
  await expect(dialog).toBeHidden();
}

test('[R17] what the server lost to a restore comes back from open pages and closed windows, once, and both go on writing', async ({
  browserOf,
  newReport,
  cast,
  server,
}) => {
  test.slow();
  const id = await newReport('恢复', [title('恢复'), body('甲：'), body('乙：')]);
  const contexts = { anna: await browserOf(cast.writer), ben: await browserOf(cast.otherWriter) };
  const [anna, ben] = [await contexts.anna.newPage(), await contexts.ben.newPage()];
  for (const page of [anna, ben]) await page.goto(`${server.url}/reports/${id}`);
  await Promise.all([ready(anna), ready(ben)]);
  await caretAtEnd(anna, 1);
  await anna.keyboard.type('备份前');
  await expectSaved(anna);
  const file = join(server.dataDir, 'restore.backup');
  const backedUp = await server.run(['backup', file]);
  expect(backedUp.code, backedUp.stderr).toBe(0);

  await anna.keyboard.type('备份后');
  await caretAtEnd(ben, 2);
  await ben.keyboard.type('也写了');
  await ben.keyboard.press('Enter');
  await ben.keyboard.type('新的一段');
  await Promise.all([expectSaved(anna), expectSaved(ben)]);
  await expect(paragraph(anna, 3)).toHaveText('新的一段');
  // What Ben wrote is in his browser's own store, and in Anna's open page.
  await ben.close();
  expect(await server.stop()).toBe(0);
  const restored = await server.run(['restore', file, '--replace']);
  expect(restored.code, restored.stderr).toBe(0);
  await server.start();

  await signIn(contexts.ben.request, server.url, cast.otherWriter);
  expect(await committedText(contexts.ben.request, server.url, id)).not.toContain('备份后');
  const again = await contexts.ben.newPage();
  await again.goto(`${server.url}/reports/${id}`);
  await signInAgain(anna, cast.writer);
  const text = ['恢复', '甲：备份前备份后', '乙：也写了', '新的一段'];
  for (const page of [anna, again]) {
    await expect(manuscript(page).locator('> [data-style]')).toHaveText(text);
    await expectSaved(page);
  }
  await caretAtEnd(anna, 1);
  await anna.keyboard.type('，甲接着写');
  await caretAtEnd(again, 3);
  await again.keyboard.type('，乙接着写');
  for (const page of [anna, again]) {
    await expect(paragraph(page, 1)).toHaveText('甲：备份前备份后，甲接着写');
    await expect(paragraph(page, 3)).toHaveText('新的一段，乙接着写');
    await expectSaved(page);
  }
  const stored = await committedText(contexts.ben.request, server.url, id);
  expect(stored.match(/备份后，甲接着写/g)).toHaveLength(1);
  expect(stored.match(/新的一段，乙接着写/g)).toHaveLength(1);
  // A page that is opened anew shows the same, and so does what is on disk.
  await anna.reload();
  await expect(paragraph(anna, 1)).toHaveText('甲：备份前备份后，甲接着写');
  const { code, stdout } = await server.run(['check', '--json']);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { faults: [] }]);
});
