import { m } from '#lib/paraglide/messages.js';

/** What is expected of a field that was refused with `invalid`. */
export function fieldMessage(field: string): string {
  switch (field) {
    case 'username':
      return m.people_username_rule();
    case 'password':
    case 'newPassword':
      return m.people_password_rule();
    case 'email':
      return m.people_email_rule();
    default:
      return m.people_name_rule();
  }
}
