/** XML that is escaped by construction: text becomes XML only through {@link xml}. */

import { xmlText } from '../xml.ts';

const KEY = Symbol('xml');

/** A piece of finished XML. Only this file makes any. */
export class Xml {
  readonly #text: string;
  constructor(key: typeof KEY, text: string) {
    if (key !== KEY) throw new Error('XML is made by xml and xmlGroup only');
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

export type XmlChild = Xml | string | null;

/** An element. Strings among the children are text, null is nothing; undefined attributes are left out. */
export function xml(
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: readonly (XmlChild | readonly XmlChild[])[]
): Xml {
  let open = `<${tag}`;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) open += ` ${name}="${xmlText(String(value))}"`;
  }
  const inner = flatten(children);
  return new Xml(KEY, inner === '' ? `${open}/>` : `${open}>${inner}</${tag}>`);
}

/** Pieces without an element around them. */
export function xmlGroup(children: readonly XmlChild[]): Xml {
  return new Xml(KEY, flatten(children));
}

function flatten(children: readonly (XmlChild | readonly XmlChild[])[]): string {
  let text = '';
  for (const child of children) {
    if (typeof child === 'string') text += xmlText(child);
    else if (child instanceof Xml) text += child.toString();
    else if (child !== null) text += flatten(child);
  }
  return text;
}

/** A file of its own. */
export function xmlFile(root: Xml): Uint8Array {
  return new TextEncoder().encode(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${root.toString()}`,
  );
}
