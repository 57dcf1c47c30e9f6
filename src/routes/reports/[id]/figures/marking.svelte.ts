/** Whether this browser marks figures in the text. */
const KEY = 'huigao-figures-marked';

export class Marking {
  on = $state(true);

  /** Takes what was kept. Where the person's settings forbid to keep anything, figures are marked. */
  recall(): void {
    try {
      this.on = localStorage.getItem(KEY) !== 'no';
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }

  switch(): void {
    this.on = !this.on;
    try {
      localStorage.setItem(KEY, this.on ? 'yes' : 'no');
    } catch (error) {
      // Then it holds until the page is left.
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
