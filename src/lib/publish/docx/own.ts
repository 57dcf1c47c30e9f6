/**
 * What a document of ours says beyond what the format has a word for, in attributes that other programs are told to
 * ignore (ECMA-376, part 3): `width`, a column's width in CSS pixels, and `head`, that a cell is one of the head.
 */
export const OWN_PREFIX = 'hg';

export const OWN_NAMESPACES = {
  'xmlns:mc': 'http://schemas.openxmlformats.org/markup-compatibility/2006',
  [`xmlns:${OWN_PREFIX}`]: 'urn:huigao:document',
  'mc:Ignorable': OWN_PREFIX,
} as const;
