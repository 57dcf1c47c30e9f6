/** What one can answer without a word. */
export const REACTIONS = ['👍', '✅', '👀', '❓', '🙏'] as const;
