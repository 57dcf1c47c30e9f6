import { expect, paragraph, test } from './writing.ts';

const WORD = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">
<style>p.MsoNormal {margin:0}</style><!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]--></head>
<body lang=ZH-CN><!--StartFragment-->
<p class=MsoTitle align=center><b><span lang=EN-US>2023</span><span style='font-family:黑体'>年工作
报告</span></b></p>
<h1>一、总体<b>情况</b></h1>
<p class=MsoNormal style='text-indent:32.0pt'><span>　　全县完成投资</span><b><span lang=EN-US>6.85</span></b><span>亿元，同比
增长</span><i>12.3%</i><span lang=EN-US><o:p></o:p></span></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]><span>第一项</span></p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>（1）</span>子项</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.</span>第二项</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='font-family:Wingdings;mso-list:Ignore'>Ø&nbsp;</span>要点</p>
<table class=MsoTableGrid border=1><tr><td colspan=2 width=200><p class=MsoNormal align=center><b>合计</b></p></td></tr>
<tr><td><p class=MsoNormal>甲</p></td><td><p class=MsoNormal>乙<o:p></o:p></p></td></tr></table>
<p class=MsoNormal align=right>县委宣传部</p>
<!--EndFragment--></body></html>`;

test('Word: styles, lists, tables and marks come over, the rest does not', async ({ both }) => {
  const { writer } = await both([paragraph('')]);
  await writer.caretAt(0, 0);
  await writer.paste({ html: WORD, text: '略' });
  await expect
    .poll(() => writer.blocks())
    .toEqual([
      'title: 2023年工作报告',
      'heading1: 一、总体情况',
      'body: 全县完成投资[bold:6.85]亿元，同比增长[italic:12.3%]',
      'ordered!: 第一项',
      'ordered1: 子项',
      'ordered: 第二项',
      'bullet: 要点',
      'table: c2 body@center: [bold:合计] / 甲 | 乙',
      'body@right: 县委宣传部',
    ]);
});

test('WPS: paragraphs with outline levels are headings', async ({ both }) => {
  const { writer } = await both([paragraph('')]);
  await writer.caretAt(0, 0);
  const html = `<html><body><!--StartFragment--><p class="MsoNormal" style="mso-outline-level:1;"><b><span style="mso-spacerun:'yes';">一级</span></b></p>
<p class="MsoNormal" style="text-indent:32pt;"><span style="font-family:仿宋;">　　正文</span><u>划线</u><span style="text-decoration:line-through">删</span><span><o:p></o:p></span></p>
<p class="MsoNormal" style="mso-list:l0 level1 lfo1;"><span>●&nbsp;</span></p><!--EndFragment--></body></html>`;
  await writer.paste({ html });
  await expect
    .poll(() => writer.blocks())
    .toEqual(['heading1: 一级', 'body: 正文[underline:划线][strike:删]', 'bullet: ●']);
});

test('web pages: headings, nested lists, quotes and links; no scripts, no layout, no foreign pictures', async ({
  both,
}) => {
  const { writer } = await both([paragraph('')]);
  await writer.caretAt(0, 0);
  let asked = '';
  await writer.page.route('**/tracker.example/**', (route) => {
    asked = route.request().url();
    return route.abort();
  });
  const html = `<meta charset=utf-8><div class="post"><script>document.title='坏'</script><style>b{}</style>
<h2>标题<b>二</b></h2><div><p onclick="alert(1)">见<a href="https://example.org/a">原文</a>与<a href="javascript:alert(1)">坏链</a></p>
<ul><li>甲<ol><li><p>甲一</p></li><li>甲二</li></ol></li><li><p>乙</p></li></ul>
<blockquote><p>引文</p></blockquote><table><tr><td><p>版式表格</p></td></tr></table>
<img src="https://tracker.example/a.png" onerror="alert(1)"><hr><b style="font-weight:normal">不粗<span style="font-weight:700">粗</span></b><br><h6>六级</h6></div></div>`;
  await writer.paste({ html });
  await expect
    .poll(() => writer.blocks())
    .toEqual([
      'heading2: 标题二',
      'body: 见[https://example.org/a:原文]与坏链',
      'bullet: 甲',
      'ordered1: 甲一',
      'ordered1: 甲二',
      'bullet: 乙',
      'quote: 引文',
      'body: 版式表格',
      'divider',
      'body: 不粗[bold:粗]',
      'heading4: 六级',
    ]);
  await expect(writer.page.getByText('有 1 张图片没有粘贴进来')).toBeVisible();
  expect(asked).toBe('');
});

test('words from a web page join the paragraph they are pasted into, which keeps its style', async ({
  both,
}) => {
  const { writer } = await both([paragraph('甲丁', { style: 'heading1' })]);
  await writer.caretAt(0, 1);
  await writer.paste({ html: '<meta charset="utf-8"><span style="color:red">乙<b>丙</b></span>' });
  await expect.poll(() => writer.blocks()).toEqual(['heading1: 甲乙[bold:丙]丁']);
});

test('plain text: a line is a paragraph; indents made by hand and empty lines go', async ({ both }) => {
  const { writer } = await both([paragraph('头尾', { style: 'quote' })]);
  await writer.caretAt(0, 1);
  await writer.paste({ text: '一行\r\n\r\n　　二行\n三行' });
  await expect.poll(() => writer.lines()).toEqual(['头一行', '二行', '三行尾']);
});

test('copying gives real headings and lists, and pasting them back gives the same blocks', async ({
  both,
}) => {
  const blocks = [
    paragraph('题', { style: 'title' }),
    paragraph('节', { style: 'heading2', align: 'center' }),
    paragraph('条', { style: 'bullet' }),
    paragraph('下', { style: 'bullet', level: 1 }),
    paragraph('号', { style: 'ordered', restart: true }),
    paragraph('署', { style: 'signature' }),
  ];
  const { writer } = await both(blocks);
  await writer.caretAt(5, 1);
  const before = await writer.blocks();
  await writer.page.keyboard.press('Control+a');
  const { html, text } = await writer.copied();
  expect(html).toMatch(
    /<h1[^>]*>题<\/h1><h2[^>]*>节<\/h2><ul><li[^>]*>条<ul><li[^>]*>下<\/li><\/ul><\/li><\/ul><ol><li/,
  );
  expect(text).toBe('题\n节\n条\n下\n号\n署');
  await writer.page.keyboard.press('Backspace');
  await writer.paste({ html, text });
  await expect.poll(() => writer.blocks()).toEqual(before);
});

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('a pasted picture is uploaded, then stands in the report with a caption typed by keyboard', async ({
  both,
}) => {
  const { writer, colleague } = await both([paragraph('前文'), paragraph('后文')]);
  await writer.caretAt(0, 1);
  await writer.paste({ pictures: [{ type: 'image/png', base64: PIXEL }] });
  await expect
    .poll(() => writer.blocks().then((all) => all.map((one) => one.split(' ')[0])))
    .toEqual(['body:', 'picture:', 'body:']);
  await writer.page.keyboard.press('End');
  await writer.page.keyboard.press('ArrowRight');
  await expect(writer.line(1)).toHaveClass(/selected/);
  await writer.page.keyboard.press('Enter');
  await expect(writer.page.locator('figcaption input')).toBeFocused();
  await writer.page.keyboard.type('图1 水库');
  await writer.page.keyboard.press('Escape');
  await expect.poll(() => colleague.block(1).getAttribute('caption')).toBe('图1 水库');
  await expect(writer.line(1)).toHaveClass(/selected/);
});

test('a file that is no picture of the allowed kinds is refused in words', async ({ both }) => {
  const { writer } = await both([paragraph('前文')]);
  await writer.caretAt(0, 1);
  await writer.paste({ pictures: [{ type: 'image/svg+xml', base64: btoa('<svg/>') }] });
  await expect(writer.page.getByText('只能放入 PNG、JPEG、WebP 或 GIF')).toBeVisible();
  expect(await writer.blocks()).toEqual(['body: 前文']);
});
