/** The focus in a list whose items are put into another order. */
import { tick } from 'svelte';

/**
 * Gives the focus back to what has it now, once the page was brought up to date: an element that is moved
 * loses it, and the next key would go to the page. To be called before the page is.
 */
export function keepFocus(within: HTMLElement | undefined): void {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || within?.contains(activeElement) !== true) return;
  void tick().then(() => {
    if (document.activeElement === document.body && activeElement.isConnected) {
      activeElement.focus({ preventScroll: true });
    }
  });
}
