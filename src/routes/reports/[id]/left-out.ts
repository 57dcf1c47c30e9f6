import { m } from '#lib/paraglide/messages.js';
import type { IssueCode } from '#lib/report/limits.ts';
import type { ExportSource } from './export-source.ts';

type Kind = 'figures' | 'nodes' | 'marks' | 'links' | 'attributes' | 'texts';

const LINES: Record<Kind, (inputs: { count: number }) => string> = {
  figures: m.publish_left_figures,
  nodes: m.publish_left_nodes,
  marks: m.publish_left_marks,
  links: m.publish_left_links,
  attributes: m.publish_left_attributes,
  texts: m.publish_left_texts,
};

function kindOf(code: IssueCode): Kind {
  switch (code) {
    case 'unknown_mark':
    case 'duplicate_mark':
      return 'marks';
    case 'unsafe_link':
      return 'links';
    case 'unknown_attribute':
    case 'bad_attribute':
    case 'unknown_field':
      return 'attributes';
    case 'control_character':
    case 'too_long':
      return 'texts';
    case 'lost_figure':
      return 'figures';
    case 'not_an_object':
    case 'not_a_list':
    case 'not_text':
    case 'unknown_node':
    case 'misplaced_node':
    case 'too_many':
    case 'too_deep':
    case 'bad_schema':
    case 'newer_schema':
    case 'bad_picture':
    case 'bad_figure':
      return 'nodes';
    default:
      return code satisfies never;
  }
}

/** What an export leaves out, a line for each kind; none when it leaves out nothing. */
export function leftOutLines({ leftOut, missing }: Pick<ExportSource, 'leftOut' | 'missing'>): string[] {
  const counts = new Map<Kind, number>();
  for (const { code } of leftOut) counts.set(kindOf(code), (counts.get(kindOf(code)) ?? 0) + 1);
  const lines = [...counts].map(([kind, count]) => LINES[kind]({ count }));
  return missing.length === 0 ? lines : [...lines, m.publish_left_pictures({ count: missing.length })];
}
