/**
 * Reading our JSON at the door. One reader serves both intents: {@link parseContent} refuses whatever
 * the schema does not know, for JSON that somebody sends; {@link repairContent} keeps all the text and
 * leaves out the rest, with a list of what it left out, for what is found in a live document, where
 * anyone who may write can put anything.
 *
 * Either way what comes out is in normal form: a paragraph's attributes only where they differ from the
 * defaults, marks in the order of {@link MARKS}, neighbouring text with equal marks joined, no empty text.
 * Parsing it again changes nothing.
 */
import type {
  Alignment,
  BlockJson,
  CellAttrs,
  CellJson,
  ContentJson,
  EmbeddedPicture,
  FiguresAttrs,
  FigureView,
  InlineJson,
  MarkJson,
  MarkName,
  ParagraphAttrs,
  ParagraphJson,
  ParagraphStyle,
  PictureAttrs,
  ReportJson,
  RowJson,
  StatedFigure,
} from './model.ts';
import {
  ALIGNMENTS,
  FIGURE_VIEWS,
  MARKS,
  MAX_LIST_LEVEL,
  PARAGRAPH_DEFAULTS,
  PARAGRAPH_STYLES,
  SCHEMA_VERSION,
  isAllowedHref,
} from './model.ts';
import { FieldReader, join } from './fieldreader.ts';
import { type Issue, LIMITS, type Parsed } from './limits.ts';
import { append, bodyParagraph, plainCell, withoutDefaults } from './normal.ts';
import {
  columnWidths,
  embeddedPicture,
  FIGURE_ID,
  figureIds,
  type Fields,
  isFields,
  nodeType,
  own,
  PICTURE_ID,
  statedFigure,
  textBelow,
  wholeNumber,
} from './values.ts';

/** Deeper than this nodes are no longer read one by one: only their text is kept. */
const MAX_DEPTH = 32;

class Reader extends FieldReader {
  content(input: unknown, path: string): ContentJson {
    if (!isFields(input)) {
      this.note(path, 'not_an_object');
      return { type: 'doc', content: [] };
    }
    this.known(input, ['type', 'content'], path, 'unknown_field');
    if (nodeType(input) !== 'doc') this.note(path, 'unknown_node', nodeType(input));
    return { type: 'doc', content: this.blocks(input, path, 0, 0) };
  }

  blocks(parent: Fields, path: string, depth: number, tables: number): BlockJson[] {
    const out: BlockJson[] = [];
    this.children(parent, path).forEach((child, index) => {
      const at = `${join(path, 'content')}[${index}]`;
      for (const block of this.block(child, at, depth, tables)) out.push(block);
    });
    return out;
  }

  /** One block; what is none becomes the body paragraphs that hold its text. */
  block(node: unknown, path: string, depth: number, tables: number): BlockJson[] {
    if (!isFields(node)) {
      this.note(path, 'not_an_object');
      return [];
    }
    this.countNode(path);
    if (depth >= MAX_DEPTH) {
      this.note(path, 'too_deep');
      return this.salvage(node, path);
    }
    const type = nodeType(node);
    switch (type) {
      case 'paragraph':
        return [this.paragraph(node, path, depth)];
      case 'picture':
        this.known(node, ['type', 'attrs'], path, 'unknown_field');
        return [{ type, attrs: this.pictureAttrs(node, path) }];
      case 'figures':
        this.known(node, ['type', 'attrs'], path, 'unknown_field');
        return [{ type, attrs: this.figuresAttrs(node, path) }];
      case 'divider':
        this.known(node, ['type', 'attrs'], path, 'unknown_field');
        this.attrs(node, path, []);
        return [{ type }];
      case 'table':
        if (tables < LIMITS.tableDepth) return [this.table(node, path, depth, tables + 1)];
        this.note(path, 'too_deep', type);
        return this.salvage(node, path);
      case 'text':
      case 'hardBreak':
        this.note(path, 'misplaced_node', type);
        return this.salvage(node, path);
      case 'tableRow':
      case 'tableCell':
      case 'tableHeader':
        this.note(path, 'misplaced_node', type);
        return this.unwrap(node, path, depth, tables);
      default:
        this.note(path, 'unknown_node', type);
        return this.unwrap(node, path, depth, tables);
    }
  }

  /** What an unknown block holds: its blocks stay blocks, its bare text becomes a body paragraph. */
  unwrap(node: Fields, path: string, depth: number, tables: number): BlockJson[] {
    const children = this.children(node, path);
    const isText = (child: unknown) =>
      isFields(child) && (nodeType(child) === 'text' || nodeType(child) === 'hardBreak');
    if (children.some(isText)) {
      const content = this.inlines(node, path, depth + 1);
      return content.length > 0 ? [bodyParagraph(content)] : [];
    }
    return this.blocks(node, path, depth + 1, tables);
  }

  /** All text below a node as one body paragraph, without recursion, so that no depth can exhaust the stack. */
  salvage(node: Fields, path: string): BlockJson[] {
    const text = this.clean(textBelow(node), path);
    this.countText(text.length, path);
    return text === '' ? [] : [bodyParagraph([{ type: 'text', text }])];
  }

  paragraph(node: Fields, path: string, depth: number): ParagraphJson {
    this.known(node, ['type', 'attrs', 'content'], path, 'unknown_field');
    const attrs = this.attrs(node, path, Object.keys(PARAGRAPH_DEFAULTS));
    const read: ParagraphAttrs = {
      style: this.attr<ParagraphStyle>(attrs, path, 'style', 'body', (value) =>
        PARAGRAPH_STYLES.find((style) => style === value),
      ),
      align: this.attr<Alignment | null>(attrs, path, 'align', null, (value) =>
        ALIGNMENTS.find((align) => align === value),
      ),
      level: this.attr(attrs, path, 'level', 0, (value) => wholeNumber(value, 0, MAX_LIST_LEVEL)),
      restart: this.attr(attrs, path, 'restart', false, (value) =>
        typeof value === 'boolean' ? value : undefined,
      ),
      bid: this.attr<string | null>(attrs, path, 'bid', null, (value) =>
        typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : undefined,
      ),
    };
    const sparse = withoutDefaults(read);
    const content = this.inlines(node, path, depth + 1);
    return {
      type: 'paragraph',
      ...(Object.keys(sparse).length > 0 && { attrs: sparse }),
      ...(content.length > 0 && { content }),
    };
  }

  inlines(parent: Fields, path: string, depth: number): InlineJson[] {
    const out: InlineJson[] = [];
    this.children(parent, path).forEach((child, index) => {
      for (const inline of this.inline(child, `${join(path, 'content')}[${index}]`, depth))
        append(out, inline);
    });
    return out;
  }

  inline(node: unknown, path: string, depth: number): InlineJson[] {
    if (!isFields(node)) {
      this.note(path, 'not_an_object');
      return [];
    }
    this.countNode(path);
    const type = nodeType(node);
    if (type === 'text') return this.text(node, path);
    if (type === 'hardBreak') {
      this.known(node, ['type', 'attrs', 'marks'], path, 'unknown_field');
      this.attrs(node, path, []);
      const marks = this.marks(node, path);
      return [marks.length > 0 ? { type, marks } : { type }];
    }
    this.note(path, isKnownBlock(type) ? 'misplaced_node' : 'unknown_node', type);
    if (depth < MAX_DEPTH) return this.inlines(node, path, depth + 1);
    const text = this.clean(textBelow(node), path);
    this.countText(text.length, path);
    return text === '' ? [] : [{ type: 'text', text }];
  }

  text(node: Fields, path: string): InlineJson[] {
    this.known(node, ['type', 'text', 'marks'], path, 'unknown_field');
    const raw = own(node, 'text');
    if (typeof raw !== 'string') {
      this.note(join(path, 'text'), 'not_text');
      return [];
    }
    const text = this.clean(raw, join(path, 'text'));
    this.countText(text.length, join(path, 'text'));
    const marks = this.marks(node, path);
    if (text === '') return [];
    return [marks.length > 0 ? { type: 'text', text, marks } : { type: 'text', text }];
  }

  /** In the order of {@link MARKS}, whatever order they came in: the Y types keep none. */
  marks(node: Fields, path: string): MarkJson[] {
    const raw = own(node, 'marks');
    if (raw === undefined) return [];
    if (!Array.isArray(raw)) {
      this.note(join(path, 'marks'), 'not_a_list');
      return [];
    }
    const found = new Map<MarkName, MarkJson>();
    raw.forEach((value: unknown, index) => {
      const at = `${join(path, 'marks')}[${index}]`;
      const mark = this.mark(value, at);
      if (mark === null) return;
      if (found.has(mark.type)) this.note(at, 'duplicate_mark', mark.type);
      else found.set(mark.type, mark);
    });
    if (found.size < 2) return [...found.values()];
    return [...found.values()].sort((a, b) => MARKS.indexOf(a.type) - MARKS.indexOf(b.type));
  }

  mark(value: unknown, path: string): MarkJson | null {
    if (!isFields(value)) {
      this.note(path, 'not_an_object');
      return null;
    }
    const type = MARKS.find((name) => name === nodeType(value));
    if (type === undefined) {
      this.note(path, 'unknown_mark', nodeType(value));
      return null;
    }
    this.known(value, ['type', 'attrs'], path, 'unknown_field');
    if (type !== 'link') {
      this.attrs(value, path, []);
      return { type };
    }
    const href = own(this.attrs(value, path, ['href']), 'href');
    if (typeof href === 'string' && isAllowedHref(href)) return { type, attrs: { href } };
    this.note(join(path, 'attrs.href'), 'unsafe_link');
    return null;
  }

  pictureAttrs(node: Fields, path: string): PictureAttrs {
    const attrs = this.attrs(node, path, ['id', 'alt', 'caption']);
    return {
      id: this.attr<string | null>(attrs, path, 'id', null, (value) =>
        typeof value === 'string' && PICTURE_ID.test(value) ? value : undefined,
      ),
      alt: this.textAttr(attrs, path, 'alt', LIMITS.alt),
      caption: this.textAttr(attrs, path, 'caption', LIMITS.caption),
    };
  }

  figuresAttrs(node: Fields, path: string): FiguresAttrs {
    const attrs = this.attrs(node, path, ['show', 'figures', 'caption']);
    return {
      show: this.attr<FigureView>(attrs, path, 'show', 'table', (value) =>
        FIGURE_VIEWS.find((view) => view === value),
      ),
      figures: this.attr<string[]>(attrs, path, 'figures', [], figureIds),
      caption: this.textAttr(attrs, path, 'caption', LIMITS.caption),
    };
  }

  table(node: Fields, path: string, depth: number, tables: number): BlockJson {
    this.known(node, ['type', 'attrs', 'content'], path, 'unknown_field');
    this.attrs(node, path, []);
    const rows: RowJson[] = [];
    this.children(node, path).forEach((child, index) => {
      const at = `${join(path, 'content')}[${index}]`;
      this.countNode(at);
      if (!isFields(child)) return this.note(at, 'not_an_object');
      if (nodeType(child) === 'tableRow') {
        this.known(child, ['type', 'attrs', 'content'], at, 'unknown_field');
        this.attrs(child, at, []);
        rows.push({ type: 'tableRow', content: this.cells(child, at, depth, tables) });
        return;
      }
      this.note(at, isKnownBlock(nodeType(child)) ? 'misplaced_node' : 'unknown_node', nodeType(child));
      const content = this.block(child, at, depth + 2, tables);
      if (content.length > 0) rows.push({ type: 'tableRow', content: [plainCell(content)] });
    });
    return { type: 'table', content: rows };
  }

  cells(row: Fields, path: string, depth: number, tables: number): CellJson[] {
    const out: CellJson[] = [];
    this.children(row, path).forEach((child, index) => {
      const at = `${join(path, 'content')}[${index}]`;
      this.countNode(at);
      if (!isFields(child)) return this.note(at, 'not_an_object');
      const type = nodeType(child);
      if (type === 'tableCell' || type === 'tableHeader') {
        this.known(child, ['type', 'attrs', 'content'], at, 'unknown_field');
        const content = this.blocks(child, at, depth + 2, tables);
        out.push({ type, attrs: this.cellAttrs(child, at), content });
        return;
      }
      this.note(at, isKnownBlock(type) ? 'misplaced_node' : 'unknown_node', type);
      const content = this.block(child, at, depth + 2, tables);
      if (content.length > 0) out.push(plainCell(content));
    });
    return out;
  }

  cellAttrs(node: Fields, path: string): CellAttrs {
    const attrs = this.attrs(node, path, ['colspan', 'rowspan', 'colwidth']);
    const colspan = this.attr(attrs, path, 'colspan', 1, (value) => wholeNumber(value, 1, LIMITS.colspan));
    return {
      colspan,
      rowspan: this.attr(attrs, path, 'rowspan', 1, (value) => wholeNumber(value, 1, LIMITS.rowspan)),
      colwidth: this.attr<number[] | null>(attrs, path, 'colwidth', null, (value) =>
        columnWidths(value, colspan),
      ),
    };
  }

  pictures(input: unknown, path: string): Record<string, EmbeddedPicture> {
    if (input === undefined) return {};
    if (!isFields(input)) {
      this.note(path, 'not_an_object');
      return {};
    }
    const out: Record<string, EmbeddedPicture> = {};
    for (const [id, value] of Object.entries(input)) {
      const at = join(path, id.slice(0, 64));
      const picture = PICTURE_ID.test(id) ? embeddedPicture(value) : 'bad_picture';
      if (typeof picture === 'string') this.note(at, picture);
      else out[id] = picture;
    }
    return out;
  }

  figures(input: unknown, path: string): Record<string, StatedFigure> | undefined {
    if (input === undefined) return undefined;
    if (!isFields(input)) {
      this.note(path, 'not_an_object');
      return undefined;
    }
    const out: Record<string, StatedFigure> = {};
    for (const [id, value] of Object.entries(input)) {
      const figure = FIGURE_ID.test(id) ? statedFigure(value) : null;
      if (figure === null) this.note(join(path, id.slice(0, 64)), 'bad_figure');
      else out[id] = figure;
    }
    return out;
  }
}

const KNOWN_BLOCKS = [
  'paragraph',
  'picture',
  'figures',
  'divider',
  'table',
  'tableRow',
  'tableCell',
  'tableHeader',
];
const isKnownBlock = (type: string) => KNOWN_BLOCKS.includes(type) || type === 'text' || type === 'hardBreak';

/** Content that somebody sends. Refused, with at most 100 errors, when anything in it is unknown, unsafe or too large. */
export function parseContent(input: unknown): Parsed<'content', ContentJson> {
  const reader = new Reader();
  const content = reader.content(input, '');
  return reader.issues.length === 0 ? { ok: true, content } : { ok: false, errors: reader.issues };
}

/**
 * Content as found in a live document: all its text, and what of the rest the schema knows. Never fails,
 * whatever it is given. Unknown marks, attributes and unsafe links are dropped and their text stays; an
 * unknown block's text becomes body paragraphs; an unknown style reads as body.
 */
export function repairContent(input: unknown): { content: ContentJson; leftOut: Issue[] } {
  const reader = new Reader();
  const content = reader.content(input, '');
  return { content, leftOut: reader.issues };
}

/**
 * A whole report that somebody sends: {@link ReportJson}. `pictures` and `figures` may be absent. A schema newer than
 * ours is refused: reading it could lose what we do not know.
 */
export function parseReport(input: unknown): Parsed<'report', ReportJson> {
  const reader = new Reader();
  if (!isFields(input)) return { ok: false, errors: [{ path: '', code: 'not_an_object' }] };
  reader.known(input, ['schema', 'title', 'content', 'pictures', 'figures'], '', 'unknown_field');
  const schema = own(input, 'schema');
  if (wholeNumber(schema, 1, Number.MAX_SAFE_INTEGER) === undefined) reader.note('schema', 'bad_schema');
  else if (Number(schema) > SCHEMA_VERSION) reader.note('schema', 'newer_schema');
  const rawTitle = own(input, 'title');
  if (typeof rawTitle !== 'string') reader.note('title', 'not_text');
  const title = reader.clean(typeof rawTitle === 'string' ? rawTitle : '', 'title');
  if (title.length > LIMITS.title) reader.note('title', 'too_long');
  const content = reader.content(own(input, 'content'), 'content');
  const pictures = reader.pictures(own(input, 'pictures'), 'pictures');
  const figures = reader.figures(own(input, 'figures'), 'figures');
  if (reader.issues.length > 0) return { ok: false, errors: reader.issues };
  const report = { schema: SCHEMA_VERSION, title, content, pictures, ...(figures && { figures }) };
  return { ok: true, report };
}
