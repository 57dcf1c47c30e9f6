/**
 * All the script of the reading site: the reader's text size, printing, and favourites that the browser keeps.
 * Without it the pages are complete but for those three. It sends nothing anywhere.
 */
(() => {
  const SIZE = 'huigao.textSize';
  const FAVOURITES = 'huigao.favourites';
  const MOST = 500;

  /** @typedef {{ number: number, title: string, date: string }} Favourite */

  /** What is stored; null: nothing, or this browser stores nothing. @param {string} key */
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  /** Whether it is stored now. @param {string} key @param {string} value */
  const store = (key, value) => {
    try {
      localStorage.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  };

  /** @param {unknown} value @returns {value is Favourite} */
  const isFavourite = (value) =>
    typeof value === 'object' &&
    value !== null &&
    'number' in value &&
    Number.isSafeInteger(value.number) &&
    'title' in value &&
    typeof value.title === 'string' &&
    'date' in value &&
    typeof value.date === 'string';

  /** The last one kept first. @returns {Favourite[]} */
  const favourites = () => {
    try {
      const list = JSON.parse(stored(FAVOURITES) ?? '[]');
      return Array.isArray(list) ? list.filter(isFavourite) : [];
    } catch {
      // Somebody else wrote there: it is begun anew.
      return [];
    }
  };

  const size = stored(SIZE);
  if (size !== null) document.documentElement.dataset.textSize = size;

  const sizes = () => {
    /** @type {NodeListOf<HTMLInputElement>} */
    const choices = document.querySelectorAll('input[name="size"]');
    for (const choice of choices) {
      if (choice.value === size) choice.checked = true;
      choice.addEventListener('change', () => store(SIZE, choice.value));
    }
    delete document.documentElement.dataset.textSize;
  };

  const printing = () => {
    /** @type {HTMLButtonElement | null} */
    const button = document.querySelector('[data-print]');
    if (button === null) return;
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  };

  const keeping = () => {
    /** @type {HTMLButtonElement | null} */
    const button = document.querySelector('[data-favourite]');
    if (button === null) return;
    const number = Number(button.dataset.favourite);
    const { title = '', date = '', keep = '', kept = '' } = button.dataset;
    const show = () => {
      const isKept = favourites().some((one) => one.number === number);
      button.setAttribute('aria-pressed', String(isKept));
      button.textContent = isKept ? kept : keep;
    };
    button.addEventListener('click', () => {
      const others = favourites().filter((one) => one.number !== number);
      const isKept = button.getAttribute('aria-pressed') === 'true';
      const next = isKept ? others : [{ number, title, date }, ...others].slice(0, MOST);
      store(FAVOURITES, JSON.stringify(next));
      show();
    });
    // Kept or left in another window.
    window.addEventListener('storage', show);
    show();
    // Where nothing can be stored there is nothing to offer.
    button.hidden = !store(FAVOURITES, JSON.stringify(favourites()));
  };

  const listing = () => {
    const list = document.querySelector('[data-favourites]');
    if (list === null) return;
    const kept = favourites();
    list.replaceChildren(
      ...kept.map(({ number, title, date }) => {
        const item = document.createElement('li');
        const link = document.createElement('a');
        link.href = `/articles/${number}`;
        link.textContent = title;
        const time = document.createElement('time');
        time.dateTime = date;
        time.textContent = date;
        item.append(link, time);
        return item;
      }),
    );
    /** @type {HTMLElement | null} */
    const none = document.querySelector('[data-no-favourites]');
    if (none !== null) none.hidden = kept.length > 0;
  };

  document.addEventListener('DOMContentLoaded', () => {
    sizes();
    printing();
    keeping();
    listing();
  });
})();
