/** The marks, without behaviour: what toggles them is in `commands.ts` and `keys.ts`. */
import { Mark } from '@tiptap/core';
import { isAllowedHref } from '#lib/report/model.ts';

const weight = (value: string) => /^(bold(er)?|[5-9]\d{2,})$/.test(value) && null;

const Bold = Mark.create({
  name: 'bold',
  parseHTML: () => [
    { tag: 'strong' },
    // Google's clipboard wraps everything in a <b> that is not bold.
    { tag: 'b', getAttrs: (element) => element.style.fontWeight !== 'normal' && null },
    { style: 'font-weight', getAttrs: weight },
  ],
  renderHTML: () => ['strong', 0],
});

const Italic = Mark.create({
  name: 'italic',
  parseHTML: () => [
    { tag: 'em' },
    { tag: 'i', getAttrs: (element) => element.style.fontStyle !== 'normal' && null },
    { style: 'font-style=italic' },
  ],
  renderHTML: () => ['em', 0],
});

const decoration = (kind: string) => (value: string) => value.includes(kind) && null;

const Underline = Mark.create({
  name: 'underline',
  parseHTML: () => [
    { tag: 'u' },
    { style: 'text-decoration', consuming: false, getAttrs: decoration('underline') },
    { style: 'text-decoration-line', consuming: false, getAttrs: decoration('underline') },
  ],
  renderHTML: () => ['u', 0],
});

const Strike = Mark.create({
  name: 'strike',
  parseHTML: () => [
    { tag: 's' },
    { tag: 'del' },
    { tag: 'strike' },
    { style: 'text-decoration', consuming: false, getAttrs: decoration('line-through') },
    { style: 'text-decoration-line', consuming: false, getAttrs: decoration('line-through') },
  ],
  renderHTML: () => ['s', 0],
});

const Highlight = Mark.create({
  name: 'highlight',
  parseHTML: () => [{ tag: 'mark' }],
  renderHTML: () => ['mark', 0],
});

const Link = Mark.create({
  name: 'link',
  inclusive: false,
  priority: 1000,
  addAttributes: () => ({ href: { default: '' } }),
  parseHTML: () => [
    {
      tag: 'a[href]',
      getAttrs: (element) => {
        const href = element.getAttribute('href') ?? '';
        return isAllowedHref(href) && { href };
      },
    },
  ],
  // An address that a foreign client put into the document is shown as text, never as a link.
  renderHTML: ({ mark }) => {
    const href: unknown = mark.attrs['href'];
    return typeof href === 'string' && isAllowedHref(href)
      ? ['a', { href, rel: 'noopener noreferrer nofollow', target: '_blank' }, 0]
      : ['span', 0];
  },
});

/** 段首标题: the phrase at a paragraph's start that serves as its heading. */
const RunIn = Mark.create({
  name: 'runIn',
  priority: 900,
  parseHTML: () => [{ tag: 'b[data-run-in]', priority: 60 }],
  renderHTML: () => ['b', { 'data-run-in': '' }, 0],
});

export const marks = [Bold, Italic, Underline, Strike, Highlight, Link, RunIn];
