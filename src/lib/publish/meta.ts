/** What an article says of itself beyond its text. All of it is given: nothing here knows a clock or a person. */
export interface ArticleMeta {
  author: string | null;
  department: string | null;
  /** The day, as `2023-12-08`. */
  date: string | null;
  /** The article's own address. */
  canonical?: string | null;
  /** The article number. */
  number?: string | null;
  siteName?: string | null;
}

export const NO_META: ArticleMeta = { author: null, department: null, date: null };

/** `2023-12-08` as `2023年12月8日`. Throws for anything that is no such day. */
export function chineseDate(date: string): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (!found) throw new Error(`not a day: ${JSON.stringify(date)}`);
  return `${Number(found[1])}年${Number(found[2])}月${Number(found[3])}日`;
}
