/** The nodes and marks of the editor: exactly those of `#lib/report/model.ts` (`schema.test.ts` holds it). */
import type { Extensions } from '@tiptap/core';
import { createFigures, type FiguresOptions } from './figureblock.ts';
import { Divider, Doc, HardBreak, Text } from './inline.ts';
import { marks } from './marks.ts';
import { Paragraph } from './paragraph.ts';
import { createPicture, type PictureUrl } from './picture.ts';
import { StatedFigures } from './stated.ts';
import { Table, TableCell, TableHeader, TableRow } from './table.ts';

export function contentExtensions(
  pictureUrl: PictureUrl,
  figures: FiguresOptions = { stated: new StatedFigures({}), onEdit: () => undefined },
): Extensions {
  return [
    Doc,
    Paragraph,
    Text,
    HardBreak,
    createPicture(pictureUrl),
    createFigures(figures),
    Table,
    TableRow,
    TableHeader,
    TableCell,
    Divider,
    ...marks,
  ];
}
