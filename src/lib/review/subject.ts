/** A person or a department, wherever either may stand: shares, mentions, what the audit log tells of. */
export type SubjectKind = 'person' | 'department';

export interface SubjectRef {
  kind: SubjectKind;
  id: string;
}
