/** Whether this browser marks figures in the text. */
const KEY = 'huigao-figures-marked';

/** Where the person's settings forbid to keep anything, they are marked. */
export function keptMarked(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'no';
  } catch (error) {
    if (error instanceof DOMException) return true;
    throw error;
  }
}

export function keepMarked(marked: boolean): void {
  try {
    localStorage.setItem(KEY, marked ? 'yes' : 'no');
  } catch (error) {
    // Then it holds until the page is left.
    if (!(error instanceof DOMException)) throw error;
  }
}
