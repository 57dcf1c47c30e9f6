/** Reading the fields of what somebody gives, with a list of what is wrong with them. */
import { type Issue, type IssueCode, LIMITS } from './limits.ts';
import { type Fields, isFields, own, UNPRINTABLE } from './values.ts';

/** After so many issues no more are listed; reading goes on. */
const MAX_ISSUES = 100;

/** The place of a field: `attrs.href` below `content[3]`. */
export const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

export class FieldReader {
  readonly issues: Issue[] = [];
  #text = 0;
  #nodes = 0;
  #textReported = false;
  #nodesReported = false;

  note(path: string, code: IssueCode, detail?: string): void {
    if (this.issues.length >= MAX_ISSUES) return;
    this.issues.push(detail === undefined ? { path, code } : { path, code, detail: detail.slice(0, 40) });
  }

  /** Notes every field of an object that is not among those known. */
  known(fields: Fields, names: readonly string[], path: string, code: IssueCode): void {
    for (const key of Object.keys(fields)) if (!names.includes(key)) this.note(path, code, key);
  }

  /** The list under `content`; absent is empty. */
  children(node: Fields, path: string): unknown[] {
    const content = own(node, 'content');
    if (content === undefined) return [];
    if (Array.isArray(content)) return content;
    this.note(join(path, 'content'), 'not_a_list');
    return [];
  }

  attrs(node: Fields, path: string, names: readonly string[]): Fields {
    const attrs = own(node, 'attrs');
    if (attrs === undefined || attrs === null) return {};
    if (!isFields(attrs)) {
      this.note(join(path, 'attrs'), 'not_an_object');
      return {};
    }
    this.known(attrs, names, join(path, 'attrs'), 'unknown_attribute');
    return attrs;
  }

  /** One attribute: absent or null is the default; what `read` answers undefined for is noted, and the default. */
  attr<T>(
    attrs: Fields,
    path: string,
    name: string,
    fallback: T,
    read: (value: unknown) => T | undefined,
  ): T {
    const value = own(attrs, name);
    if (value === undefined || value === null) return fallback;
    const result = read(value);
    if (result !== undefined) return result;
    this.note(join(path, `attrs.${name}`), 'bad_attribute');
    return fallback;
  }

  /** A text attribute, cut to its limit. */
  textAttr(attrs: Fields, path: string, name: string, limit: number): string {
    const value = this.attr(attrs, path, name, '', (raw) => (typeof raw === 'string' ? raw : undefined));
    const at = join(path, `attrs.${name}`);
    if (value.length > limit) this.note(at, 'too_long');
    return this.clean(value.slice(0, limit), at);
  }

  clean(text: string, path: string): string {
    const cleaned = text.toWellFormed().replace(UNPRINTABLE, (found) => (found === '\n' ? ' ' : ''));
    if (cleaned !== text) this.note(path, 'control_character');
    return cleaned;
  }

  countText(length: number, path: string): void {
    this.#text += length;
    if (this.#text <= LIMITS.text || this.#textReported) return;
    this.#textReported = true;
    this.note(path, 'too_long');
  }

  countNode(path: string): void {
    this.#nodes += 1;
    if (this.#nodes <= LIMITS.nodes || this.#nodesReported) return;
    this.#nodesReported = true;
    this.note(path, 'too_many');
  }
}
