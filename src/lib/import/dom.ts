/** A parsed page, looked into: elements, their text and what their attributes say. */
import type { DefaultTreeAdapterTypes } from 'parse5';
import { LIMITS } from '#lib/report/limits.ts';
import { SKIPPED } from './vocabulary.ts';

export type Node = DefaultTreeAdapterTypes.ChildNode;
export type Parent = DefaultTreeAdapterTypes.ParentNode;
export type Element = DefaultTreeAdapterTypes.Element;

export const isElement = (node: Node): node is Element => 'tagName' in node;
export const attribute = (element: Element, name: string) =>
  element.attrs.find((one) => one.name === name)?.value ?? '';

/** All elements with one of some names, in the order of the text, however deep. */
export function elementsOf(root: Parent, names: readonly string[]): Element[] {
  const found: Element[] = [];
  const stack: Node[] = root.childNodes.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!isElement(node)) continue;
    if (names.includes(node.tagName)) found.push(node);
    for (const child of node.childNodes.toReversed()) stack.push(child);
  }
  return found;
}

/** All text below an element, however deep. */
export function textOf(root: Parent): string {
  const parts: string[] = [];
  const stack: Node[] = root.childNodes.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if ('value' in node) parts.push(node.value);
    else if (isElement(node) && !SKIPPED.has(node.tagName)) {
      for (const child of node.childNodes.toReversed()) stack.push(child);
    }
  }
  return parts.join('');
}

/** The declarations of a style attribute, in lower case. */
export function declarations(style: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const part of style.toLowerCase().split(';')) {
    const at = part.indexOf(':');
    if (at > 0) out.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return out;
}

/** The rows of a table itself, not of those in its cells. */
export function ownRows(table: Element): Element[] {
  const inside = table.childNodes.filter(isElement);
  return inside.flatMap((child) => {
    if (child.tagName === 'tr') return [child];
    if (!['thead', 'tbody', 'tfoot'].includes(child.tagName)) return [];
    return child.childNodes.filter(isElement).filter(({ tagName }) => tagName === 'tr');
  });
}

export const cellsOf = (row: Element) =>
  row.childNodes.filter(isElement).filter(({ tagName }) => tagName === 'td' || tagName === 'th');

/** The widths of a table's columns in CSS pixels, as far as the page says them; 0: not known. */
export function columnsOf(table: Element, isOwn: boolean): number[] {
  const groups = table.childNodes.filter(isElement).filter(({ tagName }) => tagName === 'colgroup');
  const columns = groups.flatMap(({ childNodes }) => childNodes.filter(isElement));
  return columns.flatMap((column) => {
    const said = declarations(attribute(column, 'style')).get('width') ?? attribute(column, 'width');
    const pixels = isOwn ? attribute(column, 'data-width') : /^([\d.]+)(?:px)?$/.exec(said)?.[1];
    const span = Math.min(LIMITS.colspan, Math.max(1, Math.trunc(Number(attribute(column, 'span')) || 1)));
    return Array.from({ length: span }, () => Number(pixels ?? 0));
  });
}

/** The bytes of a `data:` address; null: it has none. */
export function dataOf(address: string): Uint8Array | null {
  const [, data] = /^data:image\/[\w.+-]+;base64,([\w+/=\s]+)$/i.exec(address) ?? [];
  if (data === undefined) return null;
  try {
    return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  } catch {
    // Not base64 after all: it counts as a picture that cannot be used.
    return null;
  }
}
