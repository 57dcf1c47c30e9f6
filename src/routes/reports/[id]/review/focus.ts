/** The focus among things that come, go, and are put into another order. */
import { tick } from 'svelte';

/**
 * Looks after what has the focus now, once the page was brought up to date: an element that was moved gets it
 * back, for an element that is gone `instead` is called. Either has lost it, and the next key would go to the
 * page. To be called before the page is brought up to date.
 */
export function keepFocus(within: HTMLElement | undefined, instead: () => void): void {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || within?.contains(activeElement) !== true) return;
  void tick().then(() => {
    if (document.activeElement !== document.body) return;
    if (activeElement.isConnected) activeElement.focus({ preventScroll: true });
    else instead();
  });
}

/** Gives the focus to what will be there once the page is brought up to date. */
export function focusNext(find: () => HTMLElement | null | undefined): void {
  void tick().then(() => find()?.focus({ preventScroll: true }));
}
