/** A saved state in words, in the reader's language. */
import { m } from '#lib/paraglide/messages.js';
import type { SavedState } from './saved.ts';

export interface Description {
  label: string;
  detail: string;
  tone: 'good' | 'busy' | 'quiet' | 'warn' | 'bad';
}

export function describe(state: SavedState): Description {
  switch (state.kind) {
    case 'connecting':
      return { label: m.sync_connecting(), detail: unsavedDetail(state.unsaved), tone: 'busy' };
    case 'saving':
      return { label: m.sync_saving(), detail: unsavedDetail(state.unsaved), tone: 'busy' };
    case 'saved':
      return { label: m.sync_saved(), detail: m.sync_saved_detail(), tone: 'good' };
    case 'offline':
      return describeOffline(state);
    case 'notSaved':
      return { label: m.sync_not_saved(), detail: m.sync_not_saved_detail(), tone: 'bad' };
    case 'readOnly':
      return { label: m.sync_read_only(), detail: m.sync_read_only_detail(), tone: 'quiet' };
    case 'refused':
      return { label: m.sync_refused(), detail: m.sync_refused_detail(), tone: 'bad' };
    case 'signedOut':
      return { label: m.sync_signed_out(), detail: unsavedDetail(state.unsaved), tone: 'bad' };
    case 'forbidden':
      return { label: m.sync_forbidden(), detail: unsavedDetail(state.unsaved), tone: 'bad' };
    case 'gone':
      return { label: m.sync_gone(), detail: unsavedDetail(state.unsaved), tone: 'bad' };
    case 'clientTooOld':
      return { label: m.sync_client_too_old(), detail: unsavedDetail(state.unsaved), tone: 'bad' };
    case 'tooMany':
      return { label: m.sync_too_many(), detail: unsavedDetail(state.unsaved), tone: 'bad' };
    default:
      return state satisfies never;
  }
}

function describeOffline({ unsaved, kept }: SavedState & { kind: 'offline' }): Description {
  if (unsaved === 0) return { label: m.sync_offline_clean(), detail: '', tone: 'warn' };
  if (kept === null) {
    return {
      label: m.sync_offline_window({ count: unsaved }),
      detail: m.sync_offline_window_detail(),
      tone: 'bad',
    };
  }
  // What was typed this instant is counted when the browser has it for certain, a few milliseconds later.
  return { label: m.sync_offline({ count: kept }), detail: unsavedDetail(kept), tone: 'warn' };
}

function unsavedDetail(count: number): string {
  return count > 0 ? m.sync_unsaved_detail({ count }) : '';
}
