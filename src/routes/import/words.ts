/** Why a file is refused, in the reader's language. */
import type { ImportFault } from '#lib/import/imported.ts';
import { m } from '#lib/paraglide/messages.js';

const FAULTS: Record<ImportFault, () => string> = {
  empty: m.import_fault_empty,
  tooLarge: m.import_fault_too_large,
  unknownType: m.import_fault_unknown_type,
  pdf: m.import_fault_pdf,
  oldWord: m.import_fault_old_word,
  encrypted: m.import_fault_encrypted,
  macros: m.import_fault_macros,
  notWord: m.import_fault_not_word,
  damaged: m.import_fault_damaged,
  bomb: m.import_fault_bomb,
  entities: m.import_fault_entities,
  encoding: m.import_fault_encoding,
  badJson: m.import_fault_bad_json,
  newerJson: m.import_fault_newer_json,
  tooLong: m.import_fault_too_long,
  tooManyPictures: m.import_fault_too_many_pictures,
  tooComplex: m.import_fault_too_complex,
};

export function faultMessage(fault: ImportFault, detail?: string): string {
  const message = FAULTS[fault]();
  return detail === undefined ? message : m.error_with_detail({ message, detail });
}
