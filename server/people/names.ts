/** The rules for names and passwords, and passwords made up by us. */
import { randomInt } from 'node:crypto';

/** Letters of any script, digits, `.`, `_` and `-`: 2 to 32 of them. */
const USERNAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{1,31}$/u;

/** The form in which user names are kept and compared: full-width and capital letters do not differ. */
export function normalUsername(username: string): string {
  return username.trim().normalize('NFKC').toLowerCase();
}

export function isUsername(username: string): boolean {
  return USERNAME.test(username);
}

/** A name as people read it: trimmed, spaces made single; null when empty, too long or not printable. */
export function cleanName(name: string, longest = 40): string | null {
  const clean = name.trim().replace(/\s+/g, ' ');
  return clean === '' || [...clean].length > longest || /\p{C}/u.test(clean) ? null : clean;
}

/** Enough to catch a slip; whether an address exists only a mail to it can tell. At most 254 characters (RFC 5321). */
const EMAIL = /^[^\s@\p{C}]+@[^\s@\p{C}]+\.[^\s@.\p{C}]+$/u;

/** The form in which addresses are kept and compared; null when it is none. */
export function cleanEmail(email: string): string | null {
  const clean = email.trim().toLowerCase();
  return clean.length <= 254 && EMAIL.test(clean) && realEmail(clean) !== null ? clean : null;
}

/** better-auth wants an address for everyone; `.invalid` can never be mailed (RFC 2606). */
export const placeholderEmail = (userId: string) => `${userId}@users.invalid`;

/** An address as it is stored; null when it only stands in for none. */
export const realEmail = (stored: string) => (stored.endsWith('.invalid') ? null : stored);

/** In UTF-16 units. */
export const PASSWORD_LENGTH = { min: 8, max: 128 };

export function isPassword(password: string): boolean {
  return password.length >= PASSWORD_LENGTH.min && password.length <= PASSWORD_LENGTH.max;
}

/** Without letters and digits that look alike when read from paper. */
const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Twelve readable characters in three groups: 59 bits. */
export function newPassword(): string {
  const group = () => Array.from({ length: 4 }, () => READABLE[randomInt(READABLE.length)]).join('');
  return `${group()}-${group()}-${group()}`;
}
