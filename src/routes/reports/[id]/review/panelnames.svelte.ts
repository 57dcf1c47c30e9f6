/** The names that the panel shows: they come once, and again when somebody unknown writes. */
import type { Thread } from '#lib/review/thread.ts';
import type { ReportSession } from '../session.svelte.ts';
import type { Candidate } from './Composer.svelte';
import { NO_NAMES, type Names } from './names.ts';
import { findCandidates, loadNames } from './requests.ts';
import type { Review } from './review.svelte.ts';

/** Milliseconds between two questions for names that do not come. */
const AGAIN_AFTER = 5_000;

export class PanelNames {
  readonly #review: Review;
  readonly #session: ReportSession;
  #loaded = $state.raw<Names>(NO_NAMES);
  /** People who could be mentioned, as they were found: a mention has its name before anything is sent. */
  #found = $state.raw<Names['people']>({});
  #askedAt = 0;

  readonly all = $derived.by((): Names => {
    const { name, department, hue } = this.#session.user;
    return {
      ...this.#loaded,
      people: {
        ...this.#found,
        [this.#review.me.userId]: { name, department, hue },
        ...this.#loaded.people,
      },
    };
  });
  readonly #isSomebodyUnknown = $derived.by(
    () =>
      this.#loaded === NO_NAMES ||
      this.#review.threads.some((thread) => peopleIn(thread).some((id) => !(id in this.all.people))),
  );

  constructor(review: Review, session: ReportSession) {
    this.#review = review;
    this.#session = session;
  }

  /** Asks for the names of those who are not known yet; to be called anew whenever the threads are others. */
  load(): (() => void) | undefined {
    void this.#review.threads;
    if (!this.#isSomebodyUnknown) return undefined;
    // Somebody whose account is gone stays unknown: that is no reason to ask all the time.
    const wait = Math.max(0, this.#askedAt + AGAIN_AFTER - Date.now());
    const timer = setTimeout(() => {
      this.#askedAt = Date.now();
      void loadNames(this.#review.reportId).then((names) => {
        if (names !== null) this.#loaded = names;
      });
    }, wait);
    return () => clearTimeout(timer);
  }

  /** Who can be mentioned, by the beginning of their name. */
  readonly find = async (text: string): Promise<Candidate[]> => {
    const candidates = await findCandidates(this.#review.reportId, text);
    const people = candidates.filter(({ kind }) => kind === 'person');
    this.#found = { ...this.#found, ...Object.fromEntries(people.map((person) => [person.id, person])) };
    return candidates;
  };
}

function peopleIn({ createdBy, comments }: Thread): string[] {
  const mentioned = ({ by, mentions }: Thread['comments'][number]) => [
    by,
    ...mentions.filter(({ kind }) => kind === 'person').map(({ id }) => id),
  ];
  return [createdBy, ...comments.flatMap(mentioned)];
}
