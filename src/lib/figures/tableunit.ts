/** The unit that a table tells once for all of its amounts: 单位：万元. */
import { normalise } from './normalise.ts';

const TOLD = /单位:\s*([^()[\];，,。]{1,16}?)\s*(?:[)\]]|$)/;
/** Headings that say what their numbers are in themselves, or whose numbers are in nothing. */
const OWN = /[(（[][^()（）[\]]*[%‰\u4e00-\u9fff]+[)）\]]/;
const RATE = /率|比重|占比|比例|增长|增速|增幅|同比|环比|比上年|±|%|指数|排名|位次/;
const COUNTED = /[户人家个件项次辆座所]数|数量|面积|里程|人口|人次/;
const YEAR = /^年$|年份/;

/** What a heading or a caption says of the unit of all; '' for nothing. */
export function tableUnit(text: string): string {
  return TOLD.exec(normalise(text))?.[1] ?? '';
}

/**
 * A column's heading with the unit that the table tells for all, in brackets before it; as it is where it has its own, where
 * that of its row has one, and where it is a rate or counts something else. Of 万元、% rates have the second.
 */
export function withUnit(columnHeading: string, rowHeading: string, unit: string): string {
  const units = unit.split(/[、/ ]/);
  const words = `${rowHeading.replace(OWN, '')}${columnHeading}`;
  if (unit === '' || OWN.test(columnHeading) || OWN.test(rowHeading) || YEAR.test(columnHeading))
    return columnHeading;
  const isRate = RATE.test(words);
  const amounts = units.filter((one) => one !== '%');
  const own = isRate ? units.find((one) => one === '%') : amounts.length === 1 ? amounts[0] : undefined;
  return own === undefined || (!isRate && COUNTED.test(words)) ? columnHeading : `（${own}）${columnHeading}`;
}
