/**
 * Markup that is escaped by construction: text becomes markup only through {@link el}, which escapes it,
 * and there are no tags and attributes but those listed here.
 */

import type { SvgAttribute, SvgNode, SvgTag } from '#lib/figures/svg.ts';

export type Tag =
  | SvgTag
  | 'path'
  | 'html'
  | 'head'
  | 'body'
  | 'title'
  | 'meta'
  | 'link'
  | 'article'
  | 'header'
  | 'footer'
  | 'section'
  | 'div'
  | 'h1'
  | 'h2'
  | 'h3'
  | 'h4'
  | 'h5'
  | 'h6'
  | 'p'
  | 'span'
  | 'strong'
  | 'em'
  | 'u'
  | 's'
  | 'mark'
  | 'a'
  | 'cite'
  | 'data'
  | 'time'
  | 'br'
  | 'hr'
  | 'ul'
  | 'ol'
  | 'li'
  | 'blockquote'
  | 'figure'
  | 'figcaption'
  | 'img'
  | 'table'
  | 'caption'
  | 'colgroup'
  | 'col'
  | 'thead'
  | 'tbody'
  | 'tr'
  | 'th'
  | 'td';

export type AttributeName =
  | 'data-format'
  | 'data-level'
  | 'data-run-in'
  | 'data-style'
  | 'data-width'
  | SvgAttribute
  | 'd'
  | 'shape-rendering'
  | 'lang'
  | 'charset'
  | 'name'
  | 'content'
  | 'property'
  | 'http-equiv'
  | 'rel'
  | 'href'
  | 'class'
  | 'aria-level'
  | 'tabindex'
  | 'datetime'
  | 'value'
  | 'src'
  | 'alt'
  | 'start'
  | 'scope'
  | 'colspan'
  | 'rowspan';

export type Attributes = Partial<Record<AttributeName, string | number | undefined>>;

const VOID: readonly Tag[] = ['meta', 'link', 'br', 'hr', 'img', 'col'];

/** A piece of finished markup. Only this file makes any. */
export class Markup {
  readonly #text: string;
  constructor(key: typeof KEY, text: string) {
    if (key !== KEY) throw new Error('markup is made by el, styleSheet and jsonLd only');
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}
const KEY = Symbol('markup');

export type Child = Markup | string | null | false;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\u00a0': '&nbsp;',
};
const escape = (text: string) => text.replace(/[&<>"\u00a0]/g, (char) => ESCAPES[char] ?? char);

/**
 * An element. Long lists of children are given as arrays, since a call's arguments are limited.
 * Strings among the children are text; null and false are nothing; undefined attributes are left out.
 */
export function el(
  tag: Tag,
  attributes: Attributes,
  ...children: readonly (Child | readonly Child[])[]
): Markup {
  let text = `<${tag}`;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) text += ` ${name}="${escape(String(value))}"`;
  }
  text += '>';
  if (VOID.includes(tag)) return new Markup(KEY, text);
  return new Markup(KEY, `${text}${flatten(children)}</${tag}>`);
}

/** Markup of several pieces without an element around them. */
export function group(children: readonly Child[]): Markup {
  return new Markup(KEY, flatten(children));
}

function flatten(children: readonly (Child | readonly Child[])[]): string {
  let text = '';
  for (const child of children) {
    if (typeof child === 'string') text += escape(child);
    else if (child instanceof Markup) text += child.toString();
    else if (Array.isArray(child)) text += flatten(child);
  }
  return text;
}

/** A drawing, as an element in its place. */
export function drawing({ tag, attributes, children }: SvgNode): Markup {
  return el(
    tag,
    attributes,
    children.map((child) => (typeof child === 'string' ? child : drawing(child))),
  );
}

/** A style sheet of our own. Throws when it could end its element. */
export function styleSheet(css: string): Markup {
  if (css.includes('</')) throw new Error('a style sheet that holds "</"');
  return new Markup(KEY, `<style>${css}</style>`);
}

/** Structured data. Every `<` is escaped, so that no text can end the element or open a comment. */
export function jsonLd(data: unknown): Markup {
  const json = JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return new Markup(KEY, `<script type="application/ld+json">${json}</script>`);
}

/** A whole document. */
export function htmlDocument(root: Markup): string {
  return `<!DOCTYPE html>\n${root.toString()}\n`;
}
