/** Values of unknown JSON, read one at a time. */
import {
  type EmbeddedPicture,
  type FigurePlace,
  PICTURE_TYPES,
  type PictureType,
  type StatedFigure,
} from './model.ts';
import { LIMITS } from './limits.ts';

export type Fields = Record<string, unknown>;

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of its own; what an object inherits was not sent. */
export const own = (fields: Fields, key: string): unknown =>
  Object.hasOwn(fields, key) ? fields[key] : undefined;

/** A node's type; '' when it names none. */
export const nodeType = (node: Fields): string => {
  const type = own(node, 'type');
  return typeof type === 'string' ? type : '';
};

/** C0 and C1 controls but the tab, and halves of surrogate pairs: HTML and XML cannot carry them. */
// eslint-disable-next-line no-control-regex
export const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

export const PICTURE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const FIGURE_ID = /^[a-z0-9]{12,32}$/;

/** Ids of figures, each once; undefined when they are not that, or too many. */
export function figureIds(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length > LIMITS.figures) return undefined;
  const isId = (id: unknown): id is string => typeof id === 'string' && FIGURE_ID.test(id);
  return value.every(isId) && new Set(value).size === value.length ? [...value] : undefined;
}

/** A whole number between two others; undefined when it is none. */
export function wholeNumber(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
    ? value
    : undefined;
}

/** The widths of a cell's columns in CSS pixels; undefined when they are not one for each. */
export function columnWidths(value: unknown, colspan: number): number[] | undefined {
  if (!Array.isArray(value) || value.length !== colspan) return undefined;
  const isWidth = (width: unknown): width is number =>
    typeof width === 'number' && width >= 0 && width <= LIMITS.colwidth;
  return value.every(isWidth) ? [...value] : undefined;
}

/** All text of a node and what is below it, however deep. */
export function textBelow(root: Fields): string {
  const parts: string[] = [];
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (!isFields(node)) continue;
    const text = own(node, 'text');
    if (nodeType(node) === 'text' && typeof text === 'string') parts.push(text);
    const content = own(node, 'content');
    if (Array.isArray(content)) for (let i = content.length - 1; i >= 0; i -= 1) stack.push(content[i]);
  }
  return parts.join('');
}

/** A picture's type and bytes, or what is wrong with them. */
export function embeddedPicture(value: unknown): EmbeddedPicture | 'bad_picture' | 'too_long' {
  if (!isFields(value)) return 'bad_picture';
  const type: PictureType | undefined = PICTURE_TYPES.find((name) => name === own(value, 'type'));
  const base64 = own(value, 'base64');
  if (type === undefined || typeof base64 !== 'string') return 'bad_picture';
  if (Object.keys(value).length !== 2) return 'bad_picture';
  if (base64.length > Math.ceil(LIMITS.pictureBytes / 3) * 4) return 'too_long';
  const isBase64 = base64.length > 0 && base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64);
  return isBase64 ? { type, base64 } : 'bad_picture';
}

const DECIMAL = /^-?\d{1,40}(\.\d{1,40})?$/;
const isLine = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= LIMITS.stated &&
  value.isWellFormed() &&
  value.replace(UNPRINTABLE, '') === value;

function isPlace(value: unknown): value is FigurePlace {
  if (!isFields(value) || Object.keys(value).length !== 2) return false;
  const [paragraph, start] = [own(value, 'paragraph'), own(value, 'start')];
  return (
    wholeNumber(paragraph, 0, LIMITS.nodes) !== undefined && wholeNumber(start, 0, LIMITS.text) !== undefined
  );
}

/** How each field of a stated figure is read that may be absent; texts are so when they say nothing. */
const STATED_FIELDS = {
  qualifier: isLine,
  object: isLine,
  scope: isLine,
  period: (value: unknown): value is string => isLine(value) && /^[\dHQ/-]{1,32}$/.test(value),
  per: isLine,
  basis: isLine,
  valueMax: (value: unknown): value is string => typeof value === 'string' && DECIMAL.test(value),
  trend: (value: unknown): value is 'up' | 'down' => value === 'up' || value === 'down',
  modality: (value: unknown): value is 'plan' => value === 'plan',
  at: isPlace,
} satisfies Partial<Record<keyof StatedFigure, (value: unknown) => boolean>>;

const isStatedField = (name: string): name is keyof typeof STATED_FIELDS =>
  Object.hasOwn(STATED_FIELDS, name);

/** What a figure says; null when it is anything else. */
export function statedFigure(value: unknown): StatedFigure | null {
  if (!isFields(value)) return null;
  const { surface, value: number, unit, ...rest } = value;
  if (!isLine(surface) || surface === '' || !isLine(unit)) return null;
  if (typeof number !== 'string' || !DECIMAL.test(number)) return null;
  const figure: StatedFigure = { surface, value: number, unit };
  for (const [name, said] of Object.entries(rest)) {
    if (!isStatedField(name) || !STATED_FIELDS[name](said)) return null;
    Object.assign(figure, { [name]: said });
  }
  return figure;
}
