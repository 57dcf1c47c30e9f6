/** The number of an article as an address or a command has it; null: no article can have that. They begin with six digits. */
export function articleNumberIn(text: string): number | null {
  return /^[1-9]\d{5,8}$/.test(text) ? Number(text) : null;
}
