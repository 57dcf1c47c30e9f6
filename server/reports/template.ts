import type { BlockJson, ContentJson, InlineJson, ParagraphStyle } from '#lib/report/model.ts';
import type { Template } from '#lib/report/templates.ts';
import { withTitle } from '#lib/report/title.ts';

function paragraph(style: ParagraphStyle, text = ''): BlockJson {
  return { type: 'paragraph', attrs: { style }, ...(text !== '' && { content: [{ type: 'text', text }] }) };
}

/** A section: one paragraph that opens with a run-in heading, a parallel phrase that ends with 。 */
function section(heading: string, guide: string): BlockJson {
  const content: InlineJson[] = [
    { type: 'text', text: heading, marks: [{ type: 'runIn' }] },
    { type: 'text', text: guide },
  ];
  return { type: 'paragraph', attrs: { style: 'body' }, content };
}

const FOUR_SECTIONS: readonly BlockJson[] = [
  paragraph(
    'body',
    '（导语）用两三句话写清在什么背景下、围绕什么目标、总的做法和最能说明成效的一两个数据，八十到一百五十字为宜。',
  ),
  section(
    '聚焦第一项工作，写出做法要点。',
    '先写建立了什么机制、出台了什么文件，再写怎样落实，最后用数据说明成效。每个数据请注明截止时间和口径，便于核对。',
  ),
  section(
    '聚焦第二项工作，写出做法要点。',
    '写清由谁牵头、哪些单位配合、解决了哪些具体问题。四个段首标题字数相近、句式一致，读来更整齐。',
  ),
  section(
    '聚焦第三项工作，写出做法要点。',
    '选一两个有代表性的做法写实写细，文件用《》标注，专项行动、工作机制的名称用“”标注，前后写法保持一致。',
  ),
  section(
    '聚焦第四项工作，写出做法要点。',
    '写取得的成效和群众得到的实惠，与上年同期或年初目标比较时写明比较的对象，结尾可用一句话交代下一步打算。',
  ),
];

/** Shown as the title of a report begun from the four sections without one, for the writer to replace. */
export const TITLE_GUIDE = '某某县：前半句写做法 后半句写成效';

/** The content a template begins with, without its title. Guiding text is for the writer to replace. */
export function templateBlocks(template: Template): BlockJson[] {
  return template === 'blank' ? [paragraph('body')] : [...FOUR_SECTIONS];
}

/** The title paragraph that a report begun from a template starts with. */
export function templateTitle(template: Template, title: string): BlockJson[] {
  const text = title === '' && template === 'four-sections' ? TITLE_GUIDE : title;
  const empty: ContentJson = { type: 'doc', content: [] };
  return withTitle(empty, text).content ?? [];
}
