/** What became of a file, in the reader's language. */
import type { Found, ImportSummary, LeftOut, LeftOutKind } from '#lib/import/imported.ts';
import { m } from '#lib/paraglide/messages.js';

const KINDS: Record<LeftOutKind, () => string> = {
  repeatedTitle: m.import_left_repeated_title,
  byline: m.import_left_byline,
  wordCount: m.import_left_word_count,
  source: m.import_left_source,
  views: m.import_left_views,
  share: m.import_left_share,
  tools: m.import_left_tools,
  neighbours: m.import_left_neighbours,
  articleNumber: m.import_left_article_number,
  pageHeader: m.import_left_page_header,
  pageFooter: m.import_left_page_footer,
  navigation: m.import_left_navigation,
  embedded: m.import_left_embedded,
  externalPicture: m.import_left_external_picture,
  unusablePicture: m.import_left_unusable_picture,
  unsafeLink: m.import_left_unsafe_link,
  comment: m.import_left_comment,
  tooDeep: m.import_left_too_deep,
  figureLinks: m.import_left_figure_links,
  lostFigures: m.import_left_lost_figures,
  controlCharacter: m.import_left_control_character,
};

/** `来源、发布信息：来源：县水务局（2 处）` */
export function leftOutWords({ kind, text, count }: LeftOut): string {
  const what = text === '' ? KINDS[kind]() : m.import_left_out_item({ kind: KINDS[kind](), text });
  return count === 1 ? what : m.import_left_out_times({ what, count: String(count) });
}

const FOUND: readonly [keyof Found, (count: { count: string }) => string][] = [
  ['words', m.import_found_words],
  ['headings', m.import_found_headings],
  ['runIns', m.import_found_run_ins],
  ['listItems', m.import_found_list_items],
  ['tables', m.import_found_tables],
  ['pictures', m.import_found_pictures],
  ['links', m.import_found_links],
  ['figures', m.import_found_figures],
  ['registered', m.import_found_registered],
];

/** What was recognised, and what the writer should look at, a sentence each. */
export function summaryWords({ found, titleFrom, encoding, punctuation }: ImportSummary): string[] {
  const list = FOUND.filter(([key]) => found[key] > 0).map(([key, words]) =>
    words({ count: String(found[key]) }),
  );
  const count = String(punctuation.marks);
  return [
    ...(list.length > 0 ? [m.import_found({ list: list.join(m.import_separator()) })] : []),
    ...titleWords(titleFrom),
    ...(encoding === null || encoding === 'utf-8'
      ? []
      : [m.import_encoding({ encoding: encoding.toUpperCase() })]),
    ...(punctuation.marks === 0
      ? []
      : [punctuation.normalised ? m.import_marks_done({ count }) : m.import_marks({ count })]),
  ];
}

function titleWords(from: ImportSummary['titleFrom']): string[] {
  switch (from) {
    case 'marked':
      return [];
    case 'firstLine':
      return [m.import_title_from_first_line()];
    case 'page':
      return [m.import_title_from_page()];
    case 'fileName':
      return [m.import_title_from_file()];
    default:
      return from satisfies never;
  }
}
