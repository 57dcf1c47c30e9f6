/** Room above the text for cards that stand above the first line. */

/**
 * Keeps so many pixels free above the text and its margin, and scrolls by as much, so that nothing on the screen
 * moves: what stands there is reached by scrolling up. Answers what takes the room away again.
 * @param scroller what the text and its margin scroll in
 */
export function keepAbove(scroller: HTMLElement): { set: (pixels: number) => void; end: () => void } {
  let kept = 0;
  const set = (pixels: number) => {
    if (pixels === kept) return;
    const { scrollTop } = scroller;
    scroller.style.setProperty('--above', `${pixels}px`);
    scroller.scrollTop = scrollTop + pixels - kept;
    kept = pixels;
  };
  return { set, end: () => set(0) };
}
