/** What a new report may begin with. */
export const TEMPLATES = ['blank', 'four-sections'] as const;
export type Template = (typeof TEMPLATES)[number];
