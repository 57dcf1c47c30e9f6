/** Pages and fragments that we wrote: what their elements say of themselves. */
import { OWN_FORMAT, PARAGRAPH_STYLES, type ParagraphAttrs, type ParagraphStyle } from '#lib/report/model.ts';
import { attribute, type Element, elementsOf } from './dom.ts';
import { headingStyle } from './vocabulary.ts';

/** An article that we wrote, and that has kept its title. */
export const isOwnArticle = (region: Element): boolean =>
  attribute(region, 'data-format') === OWN_FORMAT && elementsOf(region, ['h1']).length === 1;

/** The style that an export of ours says; null: none, or one that is not known. */
export function ownStyle(element: Element): ParagraphStyle | null {
  const said = attribute(element, 'data-style');
  return PARAGRAPH_STYLES.find((style) => style === said) ?? null;
}

/** In an export of ours h1 is the title. */
export const ownHeading = (rank: number): ParagraphStyle => (rank === 1 ? 'title' : headingStyle(rank - 1));

/** Where styles stand by themselves, and a fragment, which has no style sheet, has to say. */
export const OWN_SIDES: Partial<Record<ParagraphStyle, ParagraphAttrs['align']>> = {
  title: 'center',
  subtitle: 'center',
  signature: 'right',
};
