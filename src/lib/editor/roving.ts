/** A toolbar's keyboard: one tab stop, arrows, Home and End move within (WAI-ARIA toolbar pattern). */
export function roving(bar: HTMLElement): () => void {
  const items = () => Array.from(bar.querySelectorAll<HTMLElement>('button, select, input'));
  const current = () => items().find((item) => item.tabIndex === 0);

  function enter(item: HTMLElement | undefined): void {
    for (const other of items()) other.tabIndex = other === item ? 0 : -1;
  }
  function keydown(event: KeyboardEvent): void {
    const all = items();
    const at = all.findIndex((item) => item === event.target);
    if (at < 0) return;
    const last = all.length - 1;
    const steps: Record<string, number> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const next = all[steps[event.key] ?? -1];
    if (!next) return;
    event.preventDefault();
    enter(next);
    next.focus();
  }
  const focusin = (event: FocusEvent) => {
    if (event.target instanceof HTMLElement && items().includes(event.target)) enter(event.target);
  };
  // Tools that come and go (those of a table) join as the others are.
  const observer = new MutationObserver(() => enter(current() ?? items()[0]));
  observer.observe(bar, { childList: true, subtree: true });
  enter(items()[0]);
  bar.addEventListener('keydown', keydown);
  bar.addEventListener('focusin', focusin);
  return () => {
    observer.disconnect();
    bar.removeEventListener('keydown', keydown);
    bar.removeEventListener('focusin', focusin);
  };
}
