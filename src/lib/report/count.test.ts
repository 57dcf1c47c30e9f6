import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { countBlock, countContent, countText, readingMinutes } from './count.ts';
import type { ContentJson, ParagraphStyle } from './model.ts';

const words = (text: string) => countText(text).words;

test.each([
  ['', 0],
  ['岚亭县', 3],
  ['强统筹，抓项目。', 8],
  // Each mark of a pair counts.
  ['实行“四个一”机制', 9],
  ['印发《岚亭县水网建设规划》', 13],
  // 2021 — 2025 年: a dash is a mark, a hyphen joins.
  ['2021—2025年', 4],
  ['2021-2023年', 2],
  ['2168个', 2],
  ['43万多', 3],
  ['599人、占31.76%', 5],
  ['铺设管网1,260公里', 7],
  ['12.3%', 1],
  ['水质达标率达98.6%。', 8],
  ['水质达标率达９８．６％。', 8],
  ['配备专业人员３２０名，', 9],
  ['探索“1+3+N”模式', 7],
  ['万元GDP用水量', 6],
  ['达到Ⅲ类', 4],
  ['（岚水发〔2022〕15号）', 10],
  ['阿卜杜·买买提', 7],
  ['稳步提升……', 6],
])('Chinese text: %s counts %d', (text, expected) => {
  expect(words(text)).toBe(expected);
});

test.each([
  ['新建46个,其中水源9个.', '新建46个，其中水源9个。'],
  ['完成(2023年)"四个一"', '完成（2023年）“四个一”'],
  ['增长12.3%,下降5%;其他', '增长12.3%，下降5%；其他'],
  ['同比增长12.3%.', '同比增长12.3%。'],
  ['比例为3:2,共1,260人', '比例为3:2，共1,260人'],
  ['5.2%,7.7%', '5.2%，7.7%'],
  ["提出'双百'", '提出‘双百’'],
])('ASCII marks count as the full-width marks they stand for: %s', (ascii, full) => {
  expect(words(ascii)).toBe(words(full));
});

test.each([
  ['全县 三年', 4],
  ['全县　三年', 4],
  ['59 804 人', 3],
  ['GDP\u00a0增长', 3],
  ['one two', 2],
  ['  \t\n', 0],
])('spaces count nothing and end a run: %j counts %d', (text, expected) => {
  expect(words(text)).toBe(expected);
});

test.each([
  ['http://example.com/a?b', 3],
  ["don't", 1],
  ['10:30', 1],
  ['Node.js', 1],
  ['hello, world', 3],
])('names and numbers stay whole: %s counts %d', (text, expected) => {
  expect(words(text)).toBe(expected);
});

test('a character outside the basic plane counts once', () => {
  expect(countText('𠮷野')).toEqual({ words: 2, characters: 2 });
  expect(countText('好👍🏻')).toEqual({ words: 2, characters: 3 });
});

test('characters are counted without spaces', () => {
  expect(countText('共 46 个，12.3%')).toEqual({ words: 5, characters: 10 });
});

const paragraph = (style: ParagraphStyle, text: string) => ({
  type: 'paragraph' as const,
  attrs: { style },
  content: [{ type: 'text' as const, text }],
});

test('the body counts, with headings and tables, without title, signature and captions', () => {
  const content: ContentJson = {
    type: 'doc',
    content: [
      paragraph('title', '岚亭县工作报告'),
      paragraph('subtitle', '二〇二三年'),
      paragraph('heading1', '一、成效'),
      paragraph('body', '完成投资。'),
      { type: 'picture', attrs: { id: null, alt: '水库', caption: '水库一角' } },
      {
        type: 'table',
        content: [
          {
            type: 'tableRow',
            content: [
              { type: 'tableHeader', content: [paragraph('body', '项目')] },
              { type: 'tableCell', content: [paragraph('body', '46个')] },
            ],
          },
        ],
      },
      { type: 'divider' },
      paragraph('signature', '岚亭县水利局'),
    ],
  };
  expect(countContent(content).words).toBe(4 + 5 + 2 + 2);
});

test('text counts the same however marks split it', () => {
  const whole = countBlock({ type: 'paragraph', content: [{ type: 'text', text: '投资6.85亿元' }] });
  const split = countBlock({
    type: 'paragraph',
    content: [
      { type: 'text', text: '投资6.' },
      { type: 'text', text: '85', marks: [{ type: 'bold' }] },
      { type: 'text', text: '亿元' },
    ],
  });
  expect(split).toEqual(whole);
});

test.each([
  [0, 1],
  [1, 1],
  [300, 1],
  [301, 2],
  [2312, 8],
  [2620, 9],
])('%d characters are read in %d minutes', (characters, minutes) => {
  expect(readingMinutes(characters)).toBe(minutes);
});

test('the sample report counts as an independent reading of the rule does', () => {
  const sample: { paragraphs: string[] } = JSON.parse(
    readFileSync(new URL('../publish/fixtures/water.json', import.meta.url), 'utf8'),
  );
  for (const text of sample.paragraphs) {
    const normal = text.replace(/[０-９．％]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0));
    const single = /[\p{Script=Han}\u3001-\u303f\uff00-\uffef“”‘’—…]/gu;
    const runs = normal.replace(single, ' ').trim().split(/\s+/).filter(Boolean);
    expect(words(text)).toBe((normal.match(single) ?? []).length + runs.length);
  }
});
