import { describe, expect, test } from 'vitest';
import type { ImportOptions, ImportResult, Imported } from '#lib/import/imported.ts';
import { EVERYTHING } from '#lib/publish/fixtures/everything.ts';
import { render } from '#lib/publish/formats.ts';
import type { BlockJson, ReportJson } from '#lib/report/model.ts';
import { png } from '../pictures/testing.ts';
import { convertFile } from './convert.ts';
import { docx, paragraph, picture, run } from './testing.ts';

const PLAIN: ImportOptions = { punctuation: false };

async function imported(name: string, file: string | Uint8Array, options = PLAIN): Promise<Imported> {
  const result = await convertFile(name, typeof file === 'string' ? Buffer.from(file) : file, options);
  if (!result.ok) throw new Error(`refused: ${result.fault} ${result.detail ?? ''}`);
  return result.value;
}

async function fault(name: string, file: string | Uint8Array): Promise<string> {
  const result: ImportResult = await convertFile(
    name,
    typeof file === 'string' ? Buffer.from(file) : file,
    PLAIN,
  );
  return result.ok ? 'imported' : result.fault;
}

/** A line a block: its style, and its text with run-in headings in brackets, bold in stars, links in angles. */
function lines({ content }: Pick<Imported, 'content'>): string[] {
  return (content.content ?? []).map(line);
}
function line(block: BlockJson): string {
  if (block.type === 'divider') return '----';
  if (block.type === 'picture') return `picture ${block.attrs.alt}/${block.attrs.caption}`;
  if (block.type === 'table') {
    const rows = (block.content ?? []).map((row) =>
      (row.content ?? [])
        .map(({ type, attrs, content = [] }) => {
          const span = `${attrs?.colspan ?? 1}x${attrs?.rowspan ?? 1}`;
          const head = type === 'tableHeader' ? '#' : '';
          return `${head}${span === '1x1' ? '' : `${span} `}${content.map(line).join('/').replaceAll('body: ', '')}`;
        })
        .join('|'),
    );
    return `table ${rows.join(' ‖ ')}`;
  }
  if (block.type !== 'paragraph') return block.type;
  const { style = 'body', align, level, restart } = block.attrs ?? {};
  const text = (block.content ?? []).map((inline) => {
    if (inline.type === 'hardBreak') return '⏎';
    const types = (inline.marks ?? []).map(({ type }) => type);
    let out = inline.text;
    if (types.includes('bold')) out = `*${out}*`;
    if (types.includes('runIn')) out = `[${out}]`;
    for (const mark of inline.marks ?? []) if (mark.type === 'link') out = `<${out} ${mark.attrs.href}>`;
    return out;
  });
  const extra = [align, level ? `level${level}` : '', restart ? 'restart' : ''].filter(Boolean).join(' ');
  return `${style}${extra === '' ? '' : ` ${extra}`}: ${text.join('')}`;
}

const SENTENCE = '全市各级把这项工作摆在突出位置，明确责任，逐项推进，取得了实实在在的成效。';

describe('a Word document', () => {
  test('gives its title, headings, run-in headings, lists, spans, pictures, captions and links', async () => {
    const cell = (inner: string, properties = '') => `<w:tc><w:tcPr>${properties}</w:tcPr>${inner}</w:tc>`;
    const file = docx({
      body: [
        paragraph(run('织密基层网', '<w:sz w:val="44"/>'), '<w:jc w:val="center"/>'),
        paragraph(run('办好民生事', '<w:sz w:val="44"/>'), '<w:jc w:val="center"/>'),
        paragraph(run('织密基层网　办好民生事')),
        paragraph(run('2024年3月1日   来源：县政府办')),
        paragraph(run(`　　今年以来，全县新建村级站点26个。${SENTENCE}`)),
        paragraph(run('工作进展'), '<w:pStyle w:val="1"/>'),
        paragraph(run('抓实服务。', '<w:rFonts w:hint="eastAsia" w:eastAsia="黑体"/>') + run(SENTENCE)),
        paragraph(run('一、下一步打算')),
        paragraph(run('（一）补短板')),
        paragraph(
          run('见') +
            `<w:hyperlink r:id="rId9">${run('通知')}</w:hyperlink><w:hyperlink r:id="rId8">${run('坏的')}</w:hyperlink>` +
            run('重点', '<w:b/>'),
        ),
        paragraph(run('甲'), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
        paragraph(run('乙'), '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'),
        paragraph(run('丙'), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'),
        paragraph(picture('rId5', '水渠')),
        paragraph(run('新修的水渠'), '<w:pStyle w:val="a9"/>'),
        paragraph(picture('rId6', '', 'link') + run('图后的话')),
        '<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>' +
          cell(paragraph(run('项目')), '<w:gridSpan w:val="2"/>') +
          '</w:tr><w:tr>' +
          cell(paragraph(run('村')), '<w:vMerge w:val="restart"/>') +
          cell(paragraph(run('3'))) +
          '</w:tr><w:tr>' +
          cell(paragraph(''), '<w:vMerge/>') +
          cell(paragraph(run('4'))) +
          '</w:tr></w:tbl>',
        paragraph(run('县政府办'), '<w:jc w:val="right"/>'),
      ].join(''),
      relations: [
        { id: 'rId5', type: 'image', target: 'media/image1.png' },
        { id: 'rId6', type: 'image', target: 'http://198.51.100.7/spy.png', isExternal: true },
        { id: 'rId8', type: 'hyperlink', target: 'javascript:alert(1)', isExternal: true },
        { id: 'rId9', type: 'hyperlink', target: 'https://example.gov.cn/a', isExternal: true },
      ],
      parts: { 'word/media/image1.png': png() },
    });
    const made = await imported('a.docx', file);
    expect(lines(made)).toEqual([
      'title: 织密基层网⏎办好民生事',
      `body: 今年以来，全县新建村级站点26个。${SENTENCE}`,
      'heading1: 工作进展',
      `body: [抓实服务。]${SENTENCE}`,
      'heading1: 一、下一步打算',
      'heading2: （一）补短板',
      'body: 见<通知 https://example.gov.cn/a>坏的*重点*',
      'ordered: 甲',
      'ordered level1: 乙',
      'bullet: 丙',
      'picture 水渠/新修的水渠',
      'body: 图后的话',
      'table #2x1 项目 ‖ 1x2 村|3 ‖ 4',
      'signature: 县政府办',
    ]);
    expect(made.pictures).toHaveLength(1);
    expect(made.summary).toMatchObject({
      format: 'docx',
      title: '织密基层网 办好民生事',
      titleFrom: 'marked',
      found: { headings: 3, runIns: 1, listItems: 3, tables: 1, pictures: 1, links: 1 },
    });
    expect(made.summary.leftOut).toEqual(
      expect.arrayContaining([
        { kind: 'repeatedTitle', text: '织密基层网 办好民生事', count: 1 },
        { kind: 'byline', text: '2024年3月1日 来源：县政府办', count: 1 },
        { kind: 'externalPicture', text: 'http://198.51.100.7/spy.png', count: 1 },
        { kind: 'unsafeLink', text: 'javascript:alert(1)', count: 1 },
      ]),
    );
  });

  test('that is encrypted, old, a PDF, with macros, broken, no document, or empty is refused by its name', async () => {
    const ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    const whole = docx({ body: paragraph(run('正文')) });
    expect(await fault('a.doc', Buffer.from([...ole, ...Buffer.alloc(600)]))).toBe('oldWord');
    expect(
      await fault('a.docx', Buffer.concat([Buffer.from(ole), Buffer.from('EncryptedPackage', 'utf16le')])),
    ).toBe('encrypted');
    expect(await fault('a.docx', '%PDF-1.7')).toBe('pdf');
    expect(await fault('a.rtf', '{\\rtf1 x}')).toBe('oldWord');
    expect(await fault('a.docm', docx({ body: '', parts: { 'word/vbaProject.bin': 'x' } }))).toBe('macros');
    const macro = '<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>';
    expect(await fault('a.docx', docx({ body: '', parts: { '[Content_Types].xml': macro } }))).toBe('macros');
    expect(await fault('a.docx', whole.subarray(0, whole.length - 30))).toBe('damaged');
    const flipped = Buffer.from(whole);
    flipped[60] = (flipped[60] ?? 0) ^ 0xff;
    expect(await fault('a.docx', flipped)).toBe('damaged');
    expect(await fault('a.docx', docx({ body: '<w:p><w:r>' }))).toBe('damaged');
    expect(await fault('a.docx', docx({ body: paragraph('') }))).toBe('empty');
    expect(await fault('a.xlsx', docx({ body: '', parts: { 'word/document.xml': '' } }).subarray(0, 4))).toBe(
      'damaged',
    );
    expect(await fault('a.docx', '')).toBe('empty');
    expect(await fault('a.png', png())).toBe('unknownType');
  });

  test('that would grow is refused: by what it says, by what it does, by entities, by depth', async () => {
    const entity =
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><w:document>&b;</w:document>';
    expect(await fault('a.docx', docx({ body: '', parts: { 'word/document.xml': entity } }))).toBe(
      'entities',
    );
    const deep = '<w:p>'.repeat(5000);
    expect(await fault('a.docx', docx({ body: deep }))).toBe('tooComplex');
    const zeros = Buffer.alloc(40 * 1024 * 1024);
    const bomb = docx({ body: paragraph(run('正文')), parts: { 'word/media/image1.png': zeros } });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await fault('a.docx', bomb)).toBe('bomb');
    // One that says 1,000 bytes and holds 40 MB: what comes out is cut off there.
    const liar = Buffer.from(docx({ body: paragraph(run('正文')), parts: { 'word/fontTable.xml': zeros } }));
    for (let at = 0; at < liar.length - 4; at += 1) {
      if (liar.readUInt32LE(at) === zeros.length) liar.writeUInt32LE(1000, at);
    }
    expect(await fault('a.docx', liar)).toBe('damaged');
  });
});

describe('a page', () => {
  test('gives its article without what the site put around it', async () => {
    const data = `data:image/png;base64,${png().toString('base64')}`;
    const html = `<!doctype html><html><head><title>治水兴县 - 云禾县人民政府</title><style>p{}</style></head><body>
      <nav>首页 | 要闻</nav><p>您的位置：首页 > 要闻</p>
      <h1>治水兴县</h1>
      <p>来源：县水务局　发布时间：2024-03-01　浏览次数：120</p>
      <p>共1200字，预计阅读时长4分钟</p>
      <p>　　治水 兴县</p>
      <p>　　今年以来，<a href="https://example.gov.cn/x">全县</a><a href="javascript:x()">治水</a>有力。<script>alert(1)</script><img src="http://198.51.100.7/spy.gif"></p>
      <h2>做法</h2><p><strong>抓源头。</strong>${SENTENCE}</p>
      <ul><li>甲<ul><li>乙</li></ul></li></ul>
      <figure><img src="${data}" alt="渠"><figcaption>新渠</figcaption></figure>
      <table><tr><th colspan="2">项目</th></tr><tr><td onclick="x()">渠</td><td>3条</td></tr></table>
      <p>【打印】 【关闭窗口】</p><p>扫一扫在手机打开当前页</p><p>上一篇：春耕</p><p>下一篇：防汛</p>
      <footer>版权所有</footer></body></html>`;
    const made = await imported('a.html', html);
    expect(lines(made)).toEqual([
      'title: 治水兴县',
      'body: 今年以来，<全县 https://example.gov.cn/x>治水有力。',
      'heading1: 做法',
      `body: [抓源头。]${SENTENCE}`,
      'bullet: 甲',
      'bullet level1: 乙',
      'picture 渠/新渠',
      'table #2x1 项目 ‖ 渠|3条',
      'body: 版权所有',
    ]);
    const kinds = made.summary.leftOut.map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(
      new Set([
        'navigation',
        'source',
        'wordCount',
        'repeatedTitle',
        'unsafeLink',
        'embedded',
        'externalPicture',
        'tools',
        'share',
        'neighbours',
      ]),
    );
    expect(JSON.stringify(made.content)).not.toMatch(/script|onclick|198\.51/);
  });

  test('nested three thousand deep, or full of NUL bytes, is read or refused and nothing breaks', async () => {
    const deep = `<p>${'<span>'.repeat(3000)}底</p>`;
    expect(lines(await imported('a.html', deep)).join()).toContain('底');
    expect(lines(await imported('a.html', '<h1>题</h1><p>正\u0000文</p>'))).toEqual([
      'title: 题',
      'body: 正文',
    ]);
    expect(await fault('a.bin', Buffer.alloc(1000))).toBe('unknownType');
  });
});

test('a title in two lines and the widths of columns are kept, of others’ documents and pages too', async () => {
  const cell = (text: string) => `<w:tc><w:tcPr/>${paragraph(run(text))}</w:tc>`;
  const word = docx({
    body: [
      paragraph(`${run('织密基层网')}<w:r><w:br/></w:r>${run('办好民生事')}`, '<w:pStyle w:val="Title"/>'),
      paragraph(run('织密基层网　办好民生事')),
      paragraph(run(SENTENCE)),
      '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="1500"/><w:gridCol w:w="3000"/></w:tblGrid>',
      `<w:tr>${cell('村')}${cell('3')}</w:tr></w:tbl>`,
      '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>',
      `<w:tr>${cell('镇')}${cell('4')}</w:tr></w:tbl>`,
    ].join(''),
  });
  const page = `<body><h1>织密基层网<br>办好民生事</h1><p>织密基层网</p><p>办好民生事</p><p>${SENTENCE}</p>
    <table><colgroup><col style="width: 100px"><col width="200"></colgroup><tr><td>村</td><td>3</td></tr></table>
    <table><colgroup><col style="width:50%"><col width="nonsense"></colgroup><tr><td>镇</td><td>4</td></tr></table></body>`;
  for (const made of [await imported('a.docx', word), await imported('a.html', page)]) {
    expect(lines(made)).toEqual([
      'title: 织密基层网⏎办好民生事',
      `body: ${SENTENCE}`,
      'table 村|3',
      'table 镇|4',
    ]);
    expect(made.summary.title).toBe('织密基层网 办好民生事');
    const widths = (made.content.content ?? []).flatMap((block) =>
      block.type === 'table' ? [block.content?.[0]?.content?.map(({ attrs }) => attrs?.colwidth)] : [],
    );
    expect(widths).toEqual([
      [[100], [200]],
      [null, null],
    ]);
  }
});

describe('plain text', () => {
  const TEXT = [
    '　　抓春耕',
    '',
    '　　字数：1200',
    '　　一、总的情况',
    `　　抓早抓细备耕。${SENTENCE}`,
    `　　一是抓农资。${SENTENCE}`,
    '　　1．筹集化肥',
    '　　2．检修农机',
    '　　• 要点',
    '乡镇\t面积',
    '东乡\t3万亩',
    '　　　　　　　　　　　　　　　　县农业局',
  ].join('\r\n');

  test('gives title, headings, numbered items, bullets, tables and who signs', async () => {
    expect(lines(await imported('a.txt', TEXT))).toEqual([
      'title: 抓春耕',
      'heading1: 一、总的情况',
      `body: 抓早抓细备耕。${SENTENCE}`,
      `body: 一是抓农资。${SENTENCE}`,
      'ordered: 筹集化肥',
      'ordered: 检修农机',
      'bullet: 要点',
      'table #乡镇|#面积 ‖ 东乡|3万亩',
      'signature: 县农业局',
    ]);
  });

  test('is read alike in UTF-8, UTF-16 of either order with or without its mark, and GB18030', async () => {
    const wanted = lines(await imported('a.txt', TEXT));
    const little = Buffer.from(TEXT, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const [encoding, bytes] of [
      ['utf-8', Buffer.from(`\ufeff${TEXT}`)],
      ['utf-16le', Buffer.concat([Buffer.from([0xff, 0xfe]), little])],
      ['utf-16be', Buffer.concat([Buffer.from([0xfe, 0xff]), big])],
      ['utf-16le', little],
      ['utf-16be', big],
    ] as const) {
      const made = await imported('a.txt', bytes);
      expect([made.summary.encoding, lines(made)]).toEqual([encoding, wanted]);
    }
    const page = Buffer.concat([
      Buffer.from('<html><head><meta charset="gb2312"></head><body><h1>'),
      Buffer.from([0xb4, 0xba, 0xb8, 0xfb]),
      Buffer.from('</h1><p>x'),
      Buffer.from('</p></body></html>'),
    ]);
    const made = await imported('a.html', page);
    expect([made.summary.encoding, made.summary.title]).toEqual(['gb18030', '春耕']);
    expect(await fault('a.txt', Buffer.from([0xff, 0xff, 0x81, 0xff, 0x20]))).toBe('encoding');
  });

  test('with half-width marks says how many, and sets them full width when asked', async () => {
    const text = '题目\n今年以来,全县新建3.5万亩(含旱地);比例为1:3,持平.';
    const asItIs = await imported('a.txt', text);
    expect(asItIs.summary.punctuation).toEqual({ marks: 6, normalised: false });
    const made = await imported('a.txt', text, { punctuation: true });
    expect(lines(made)[1]).toBe('body: 今年以来，全县新建3.5万亩（含旱地）；比例为1:3，持平。');
    expect(made.summary.punctuation.normalised).toBe(true);
  });

  test('marks parallel openings as run-in headings when there are three, and none when there are two', async () => {
    const parts = ['强化组织抓引领。', '聚焦产业促增收。', '优化服务惠民生。'].map((head) => head + SENTENCE);
    const all = lines(await imported('a.txt', ['题目', '今年以来，成效明显。', ...parts].join('\n')));
    expect(all.slice(2).map((one) => one.slice(0, 16))).toEqual([
      'body: [强化组织抓引领。]',
      'body: [聚焦产业促增收。]',
      'body: [优化服务惠民生。]',
    ]);
    const two = lines(await imported('a.txt', ['题目', ...parts.slice(1)].join('\n')));
    expect(two.join()).not.toContain('[');
  });
});

describe('out and in again', () => {
  // The rest of what comes back, and how, is in roundtrip.test.ts.
  const content = (EVERYTHING.content.content ?? []).filter(({ type }) => type !== 'figures');
  const report: ReportJson = { ...EVERYTHING, content: { type: 'doc', content } };
  const meta = { author: '林晓禾', department: '县教育局', date: '2024-03-01' };

  test('our JSON comes back exactly', async () => {
    const made = await imported('a.json', render('json', report, meta));
    expect(made.content).toEqual(JSON.parse(render('json', report, meta)).content);
    expect(made.summary.leftOut).toEqual([{ kind: 'unusablePicture', text: 'lost', count: 1 }]);
    expect(await fault('a.json', '{"schema":99,"title":"","content":{"type":"doc"}}')).toBe('newerJson');
    expect(
      await fault('a.json', '{"schema":1,"title":"","content":{"type":"doc","content":[{"type":"x"}]}}'),
    ).toBe('badJson');
  });
});
