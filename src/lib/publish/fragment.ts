/** The article as semantic HTML without classes and style sheet, to be set into another site's page. */
import type { Article } from './article.ts';
import { articleMarkup } from './markup.ts';

export function renderFragment(article: Article): string {
  return `${articleMarkup(article, 'fragment').toString()}\n`;
}
