/** The measures that a report names, with where it does and what it counts beside them. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { FigureMark } from '#lib/editor/figuremarks.ts';
import { detectMeasures } from '#lib/figures/detect.ts';
import type { DetectedMeasure } from '#lib/figures/figure.ts';
import type { GlossaryTerm } from '#lib/figures/glossary.ts';
import { isCalendarKind } from './calendar.ts';
import { paragraphsIn } from './paragraphs.ts';

/** A measure with all the places where the text has it. */
export interface ShownMeasure {
  name: string;
  kind: DetectedMeasure['kind'];
  definition: string | null;
  places: readonly { from: number; to: number }[];
  /** What else is counted in its sentences, as it is written there. */
  figures: readonly string[];
}

export interface DefinedTerm extends GlossaryTerm {
  definition: string;
}

const sentencesOf = (text: string) =>
  [...text.matchAll(/[^。！？；\n]*[。！？；\n]?/g)].filter(([words]) => words !== '');

/** The measures of a document, each once. @param marks all figures of it, in its order */
export function measuresIn(
  doc: ProseMirrorNode,
  marks: readonly FigureMark[],
  { terms, refused }: { terms: readonly DefinedTerm[]; refused: readonly string[] },
): ShownMeasure[] {
  const found = new Map<string, { measure: DetectedMeasure; places: ShownMeasure['places'][number][] }>();
  const counted = new Map<string, Set<string>>();
  for (const { at, text, figures, measures } of paragraphsIn(doc, marks)) {
    const here = measures(detectMeasures).filter(({ name }) => !refused.includes(name));
    if (here.length === 0) continue;
    const sentences = sentencesOf(text);
    for (const measure of here) {
      const key = `${measure.kind} ${measure.name}`;
      const known = found.get(key);
      const place = { from: at + measure.start, to: at + measure.end };
      if (known === undefined) found.set(key, { measure, places: [place] });
      else {
        known.places.push(place);
        if (known.measure.definition === undefined) known.measure = measure;
      }
      const sentence = sentences.find(
        ({ index, 0: words }) => index <= measure.start && measure.start < index + words.length,
      );
      if (sentence === undefined) continue;
      const all = counted.get(key) ?? new Set<string>();
      counted.set(key, all);
      for (const { figure, from } of figures) {
        const start = from - at;
        const isInside = sentence.index <= start && start < sentence.index + sentence[0].length;
        if (isInside && !isCalendarKind(figure.kind)) all.add(figure.surface);
      }
    }
  }
  return [...found].map(([key, { measure, places }]) => ({
    name: measure.name,
    kind: measure.kind,
    definition: measure.definition ?? (terms.find(({ name }) => name === measure.name)?.definition || null),
    places,
    figures: [...(counted.get(key) ?? [])],
  }));
}
