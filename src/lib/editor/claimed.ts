/** What a browser says of its person in awareness. Any browser can send anything, so it is read, never trusted. */

/** Who is behind a caret. `hue` is the department's, 0 to 11; null without one. */
export interface CaretUser {
  userId: string;
  name: string;
  department: string | null;
  hue: number | null;
}

/** Characters (Unicode code points) of a name that are shown. */
const MAX_NAME = 40;
const MAX_ID = 100;

/** One line of at most {@link MAX_NAME} characters, without controls that turn the text around it; null for none. */
function shortText(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const line = value
    .slice(0, 4 * MAX_NAME)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line === '' ? null : Array.from(line).slice(0, MAX_NAME).join('');
}

/** The `user` field of an awareness state; null when it names nobody. */
export function readClaimedUser(value: unknown): CaretUser | null {
  if (typeof value !== 'object' || value === null) return null;
  const { userId, name, department, hue } = value as Partial<Record<keyof CaretUser, unknown>>;
  const shown = shortText(name);
  if (typeof userId !== 'string' || userId === '' || userId.length > MAX_ID || shown === null) return null;
  return {
    userId,
    name: shown,
    department: shortText(department),
    hue: typeof hue === 'number' && Number.isInteger(hue) && hue >= 0 ? hue : null,
  };
}
