/**
 * The spans of cells, absent where they are 1. prosemirror-tables wants numbers, and y-prosemirror writes
 * every attribute of a cell it touches: a 1 that nobody gave could undo a colleague's merge. So a span that
 * was not given can be read, as 1, but is not enumerable: to y-prosemirror, and in JSON, it is not there.
 */
import type { Attrs, NodeType, Schema } from '@tiptap/pm/model';
import type { ProsemirrorBinding } from 'y-prosemirror';
import * as Y from 'yjs';

const SPANS = ['colspan', 'rowspan'] as const;
const CELLS = ['tableCell', 'tableHeader'];

/** What gives a new node its attributes; not among ProseMirror's declared methods. */
type WithComputeAttrs = NodeType & { computeAttrs(given: Attrs | null): Attrs };

/** Makes the cells of a schema leave out spans that were not given. */
export function hideAbsentSpans(schema: Schema): void {
  for (const name of CELLS) {
    const type = schema.nodes[name] as WithComputeAttrs;
    const compute = type.computeAttrs.bind(type);
    type.computeAttrs = (given) => {
      const attrs = { ...compute(given) };
      const names = Object.keys(given ?? {});
      for (const span of SPANS) {
        if (!names.includes(span)) Object.defineProperty(attrs, span, { value: 1, enumerable: false });
      }
      return attrs;
    };
  }
}

/**
 * Takes away spans that Yjs has and the document has not: y-prosemirror, which can read them, leaves them
 * when it makes one cell out of another.
 */
export function dropAbsentSpans(content: Y.XmlFragment, mapping: ProsemirrorBinding['mapping']): void {
  for (const child of content.toArray()) {
    if (!(child instanceof Y.XmlElement)) continue;
    if (child.nodeName === 'table' || child.nodeName === 'tableRow') dropAbsentSpans(child, mapping);
    if (!CELLS.includes(child.nodeName)) continue;
    const node = mapping.get(child);
    if (!node || Array.isArray(node)) continue;
    const given = Object.keys(node.attrs);
    for (const span of SPANS) {
      if (!given.includes(span) && child.getAttribute(span) !== undefined) child.removeAttribute(span);
    }
  }
}
