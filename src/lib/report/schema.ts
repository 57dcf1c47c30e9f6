/**
 * Our JSON as JSON Schema (2020-12), for programs that write it. It says all that can be said of one place;
 * what only the whole shows is left to {@link parseReport}: the sums of text and nodes, whether an address that
 * looks right is one, whether a cell's widths are as many as its columns.
 */
import { LIMITS } from './limits.ts';
import {
  ALIGNMENTS,
  FIGURE_VIEWS,
  MARKS,
  MAX_LIST_LEVEL,
  PARAGRAPH_STYLES,
  PICTURE_TYPES,
  SCHEMA_VERSION,
} from './model.ts';
import { FIGURE_ID, PICTURE_ID } from './values.ts';

type Schema = Readonly<Record<string, unknown>>;

/** An object that has no other fields than these. */
const object = (required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});
/** An attribute that may be absent or null. */
const or = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
const one = (values: readonly string[]): Schema => ({ enum: values });
const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more });
const whole = (minimum: number, maximum: number): Schema => ({ type: 'integer', minimum, maximum });
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });

/** No control characters but the tab. */
const PRINTABLE = '^[^\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f]*$';
const line = (maxLength?: number): Schema => ({
  type: 'string',
  pattern: PRINTABLE,
  ...(maxLength !== undefined && { maxLength }),
});

/** A node; `attrs` are optional, and so is each of them. */
const node = (type: string, attrs: Record<string, Schema>, content: Record<string, Schema> = {}): Schema =>
  object({ type: { const: type } }, { attrs: or(object({}, attrs)), ...content });

const marks = list(ref('mark'), {
  // Each mark once.
  allOf: MARKS.map((type) => ({
    contains: { type: 'object', properties: { type: { const: type } } },
    minContains: 0,
    maxContains: 1,
  })),
});

/** A table whose cells hold what `blocks` says. */
const table = (blocks: string): Schema => {
  const cell = (type: string) =>
    node(
      type,
      {
        colspan: or(whole(1, LIMITS.colspan)),
        rowspan: or(whole(1, LIMITS.rowspan)),
        colwidth: or(
          list(
            { type: 'number', minimum: 0, maximum: LIMITS.colwidth },
            { minItems: 1, maxItems: LIMITS.colspan },
          ),
        ),
      },
      { content: list(ref(blocks)) },
    );
  const row = node('tableRow', {}, { content: list({ anyOf: [cell('tableCell'), cell('tableHeader')] }) });
  return node('table', {}, { content: list(row) });
};

const LEAVES = ['paragraph', 'picture', 'figures', 'divider'].map(ref);
const decimal: Schema = { type: 'string', pattern: '^-?\\d{1,40}(\\.\\d{1,40})?$' };
const stated = line(LIMITS.stated);

export const REPORT_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `urn:huigao:report:${SCHEMA_VERSION}`,
  title: 'Huigao report',
  ...object(
    { schema: { const: SCHEMA_VERSION }, title: line(LIMITS.title), content: ref('content') },
    {
      pictures: {
        type: 'object',
        propertyNames: { pattern: PICTURE_ID.source },
        additionalProperties: object({
          type: one(PICTURE_TYPES),
          base64: {
            type: 'string',
            pattern: '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$',
            maxLength: Math.ceil(LIMITS.pictureBytes / 3) * 4,
          },
        }),
      },
      figures: {
        type: 'object',
        propertyNames: { pattern: FIGURE_ID.source },
        additionalProperties: object(
          { surface: { ...stated, minLength: 1 }, value: decimal, unit: stated },
          {
            valueMax: decimal,
            qualifier: stated,
            object: stated,
            scope: stated,
            period: { type: 'string', pattern: '^[\\dHQ/-]{1,32}$' },
            per: stated,
            basis: stated,
            trend: one(['up', 'down']),
            modality: { const: 'plan' },
            at: object({ paragraph: whole(0, LIMITS.nodes), start: whole(0, LIMITS.text) }),
          },
        ),
      },
    },
  ),
  $defs: {
    content: object({ type: { const: 'doc' } }, { content: list(ref('block')) }),
    block: { anyOf: [...LEAVES, ref('table')] },
    /** A table in a table holds no other. */
    cellBlock: { anyOf: [...LEAVES, ref('innerTable')] },
    innerBlock: { anyOf: LEAVES },
    paragraph: node(
      'paragraph',
      {
        style: or(one(PARAGRAPH_STYLES)),
        align: or(one(ALIGNMENTS)),
        level: or(whole(0, MAX_LIST_LEVEL)),
        restart: or({ type: 'boolean' }),
        bid: or({ type: 'string', pattern: '^[\\w-]{1,64}$' }),
      },
      { content: list(ref('inline')) },
    ),
    picture: node('picture', {
      id: or({ type: 'string', pattern: PICTURE_ID.source }),
      alt: or(line(LIMITS.alt)),
      caption: or(line(LIMITS.caption)),
    }),
    figures: node('figures', {
      show: or(one(FIGURE_VIEWS)),
      figures: or(
        list({ type: 'string', pattern: FIGURE_ID.source }, { maxItems: LIMITS.figures, uniqueItems: true }),
      ),
      caption: or(line(LIMITS.caption)),
    }),
    divider: node('divider', {}),
    table: table('cellBlock'),
    innerTable: table('innerBlock'),
    inline: {
      anyOf: [
        object({ type: { const: 'text' }, text: line(LIMITS.text) }, { marks }),
        node('hardBreak', {}, { marks }),
      ],
    },
    mark: {
      anyOf: [
        object({ type: one(MARKS.filter((mark) => mark !== 'link')) }, { attrs: or(object({})) }),
        object({
          type: { const: 'link' },
          attrs: object({
            href: {
              type: 'string',
              maxLength: 2000,
              pattern: '^([Hh][Tt][Tt][Pp][Ss]?|[Mm][Aa][Ii][Ll][Tt][Oo]):',
            },
          }),
        }),
      ],
    },
  },
};
