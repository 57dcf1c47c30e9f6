/**
 * When something happened, as lists say it. Offices that use this share one clock: times are shown in
 * China Standard Time, on the server and in the browser alike.
 */
const ZONE = 'Asia/Shanghai';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** “3小时前” up to a week ago, then the day; the year too when it is another. */
export function relativeTime(iso: string, now: Date, locale: string): string {
  const then = new Date(iso);
  // A browser's clock may be a little behind the server's.
  const ago = Math.max(0, now.getTime() - then.getTime());
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (ago < MINUTE) return locale.startsWith('zh') ? '刚刚' : words.format(0, 'second');
  if (ago < HOUR) return words.format(-Math.floor(ago / MINUTE), 'minute');
  if (ago < DAY) return words.format(-Math.floor(ago / HOUR), 'hour');
  if (ago < 7 * DAY) return words.format(-Math.floor(ago / DAY), 'day');
  const year = (date: Date) => date.toLocaleDateString('en', { timeZone: ZONE, year: 'numeric' });
  return then.toLocaleDateString(locale, {
    timeZone: ZONE,
    month: locale.startsWith('zh') ? 'long' : 'short',
    day: 'numeric',
    ...(year(then) !== year(now) && { year: 'numeric' }),
  });
}

/** The day and the minute, in full. */
export function exactTime(iso: string, locale: string): string {
  return new Date(iso).toLocaleString(locale, {
    timeZone: ZONE,
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
