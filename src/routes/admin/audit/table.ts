/** The audit log as rows of a spreadsheet. */
import { m } from '#lib/paraglide/messages.js';
import type { AuditLine } from '#lib/review/audit.ts';
import { actName, actorName, clockTime, detailText, subjectName } from './words.ts';

export function headRow(): string[] {
  return [
    '#',
    m.audit_when(),
    m.audit_who(),
    m.audit_username(),
    m.audit_what(),
    m.audit_where(),
    m.audit_report_id(),
    m.audit_whom(),
    m.audit_detail(),
    m.audit_marked(),
    m.audit_address(),
  ];
}

export function lineRow(line: AuditLine): string[] {
  return [
    String(line.id),
    clockTime(line.at),
    actorName(line),
    line.actor?.username ?? '',
    actName(line.act),
    line.report?.title ?? '',
    line.report?.id ?? '',
    subjectName(line),
    detailText(line),
    line.asAdmin ? m.audit_yes() : '',
    line.address ?? '',
  ];
}
