/** What a publisher is about to publish: the checklist as they see it, and what they say of the article. */
import { api } from '#lib/http/client.ts';
import { m } from '#lib/paraglide/messages.js';
import type { ArticleMeta } from '#lib/publish/meta.ts';
import type { Revision } from '#lib/review/publication.ts';
import { newKey } from '#lib/sync/outbox.ts';
import type { Checklist, Published } from '#server/publications/publish.ts';

export class Publishing {
  readonly #reportId: string;
  /** The same until something was published: a command that is sent again is carried out once. */
  #key = newKey();

  /** Null: it is being read, or could not be. */
  checklist = $state.raw<Checklist | null>(null);
  revisions = $state.raw<readonly Revision[]>([]);
  /** What went wrong, or is another than it was. */
  problem = $state<string | null>(null);
  busy = $state(false);
  published = $state.raw<Published | null>(null);

  byline = $state('');
  date = $state('');
  correction = $state('');
  reason = $state('');

  readonly isStopped = $derived(this.checklist?.groups.some(({ stops }) => stops) ?? false);
  readonly next = $derived((this.checklist?.article?.revision ?? 0) + 1);
  readonly meta = $derived.by((): ArticleMeta => ({
    author: this.byline.trim() === '' ? null : this.byline.trim(),
    department: this.checklist?.department || null,
    date: /^\d{4}-\d{2}-\d{2}$/.test(this.date) ? this.date : null,
    number: this.checklist?.article?.number.toString() ?? null,
  }));

  constructor(reportId: string) {
    this.#reportId = reportId;
  }

  /** Reads everything; what was typed before stays. */
  async read(): Promise<void> {
    const isFirst = this.checklist === null;
    const checklist = await this.#get('checklist');
    const history = await this.#get('publications');
    if (checklist === null || history === null) return;
    this.checklist = checklist as Checklist;
    this.revisions = (history as { revisions: Revision[] }).revisions;
    if (!isFirst) return;
    this.byline = this.checklist.byline;
    this.date = this.checklist.date;
  }

  async #get(what: 'checklist' | 'publications'): Promise<unknown> {
    const answer = await api('GET', `/api/reports/${this.#reportId}/${what}`);
    if (answer.ok) return answer.value;
    this.problem = answer.message;
    return null;
  }

  async publish(): Promise<void> {
    const { checklist } = this;
    if (checklist === null || this.busy) return;
    this.busy = true;
    this.problem = null;
    const [correction, reason] = [this.correction.trim(), this.reason.trim()];
    const answer = await api('POST', `/api/reports/${this.#reportId}/publish`, {
      key: this.#key,
      seen: checklist.seen,
      byline: this.byline,
      date: this.date,
      ...(checklist.article !== null && correction !== '' && { correction }),
      ...(this.isStopped && reason !== '' && { reason }),
    });
    if (answer.ok) this.published = answer.value as Published;
    else if (answer.code === 'conflict') await this.#tellNews(answer.detail ?? '');
    else this.problem = answer.message;
    this.busy = false;
  }

  /** Somebody was faster, or the report is not what it was: it is shown anew, and nothing was published. */
  async #tellNews(news: string): Promise<void> {
    this.#key = newKey();
    await this.read();
    const article = this.checklist?.article ?? null;
    if (news === 'content') this.problem = m.publish_news_content();
    else if (news === 'checklist') this.problem = m.publish_news_checklist();
    else if (article === null) this.problem = m.publish_news_checklist();
    else if (article.isWithdrawn) this.problem = m.publish_news_withdrawn();
    else {
      const { publishedBy, revision } = article;
      this.problem = m.publish_news_published({ name: publishedBy.name, revision });
    }
  }

  /** Answers whether it was withdrawn. */
  async withdraw(number: number, note: string): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    const answer = await api('POST', `/api/publications/${number}/withdraw`, { note });
    if (!answer.ok) this.problem = answer.message;
    await this.read();
    this.busy = false;
    return answer.ok;
  }
}
