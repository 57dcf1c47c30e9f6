/** Every message exists in both languages, with the same parameters. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../messages', import.meta.url));
const [base, other] = ['zh-CN', 'en'];
const problems = [];

/** The parameters `{name}` of a message, sorted; a message with variants is compared as JSON text. */
const parameters = (/** @type {unknown} */ message) =>
  [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort().join(' ');

/** @param {string} locale @param {string} file @returns {Record<string, unknown>} */
const read = (locale, file) => JSON.parse(readFileSync(`${folder}/${locale}/${file}`, 'utf8'));

const files = new Set([...readdirSync(`${folder}/${base}`), ...readdirSync(`${folder}/${other}`)]);
let count = 0;
for (const file of files) {
  const chinese = read(base, file);
  const english = read(other, file);
  for (const key of new Set([...Object.keys(chinese), ...Object.keys(english)])) {
    count++;
    if (!(key in chinese)) problems.push(`${file}: ${key} has no Chinese`);
    else if (!(key in english)) problems.push(`${file}: ${key} has no English`);
    else if (typeof chinese[key] === 'string' && parameters(chinese[key]) !== parameters(english[key]))
      problems.push(
        `${file}: ${key} takes ${parameters(chinese[key])} in Chinese, ${parameters(english[key])} in English`,
      );
  }
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${count} messages, ${problems.length} problems\n`);
process.exit(problems.length === 0 ? 0 : 1);
