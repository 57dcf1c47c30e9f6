/** Has reports checked in a thread of their own. */
import type { CheckedReport, Finding } from '#lib/figures/figure.ts';
import type { GlossaryTerm } from '#lib/figures/glossary.ts';

export interface Question {
  id: number;
  report: CheckedReport;
  terms: readonly GlossaryTerm[];
}

export interface Answer {
  /** The question's. */
  id: number;
  /** What is as it was in the answer before has its index there: of a long report that is nearly everything. */
  findings: readonly (Finding | number)[];
}

export class Checker {
  readonly #worker = new Worker(new URL('./checks.worker.ts', import.meta.url), { type: 'module' });
  readonly #asked = new Map<number, (findings: readonly Finding[]) => void>();
  #last = 0;
  #findings: readonly Finding[] = [];

  constructor() {
    this.#worker.addEventListener('message', ({ data: { id, findings } }: MessageEvent<Answer>) => {
      const before = this.#findings;
      this.#findings = findings.flatMap((one) => (typeof one === 'number' ? (before[one] ?? []) : one));
      this.#asked.get(id)?.(this.#findings);
      this.#asked.delete(id);
    });
  }

  /**
   * All that is found: what is wrong with numbers, with names, with marks and wording. What is found again is the
   * same object. Never settles once ended.
   */
  findings(report: CheckedReport, terms: readonly GlossaryTerm[]): Promise<readonly Finding[]> {
    const id = ++this.#last;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      // A term of the page's state is more than can be sent.
      const plain = terms.map(({ name, kind }) => ({ name, kind }));
      this.#worker.postMessage({ id, report, terms: plain } satisfies Question);
    });
  }

  end(): void {
    this.#worker.terminate();
    this.#asked.clear();
  }
}
