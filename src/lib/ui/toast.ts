/**
 * Short messages at the foot of the page. Everything heavy is fetched with the first one, so importing
 * this costs a page nothing.
 */
import type { ExternalToast } from 'svelte-sonner';

type Kind = 'message' | 'success' | 'error';
type Sonner = (typeof import('svelte-sonner'))['toast'];

let ready: Promise<Sonner> | null = null;

async function open(): Promise<Sonner> {
  const [{ mount, flushSync }, { default: Toaster }, { toast: sonner }] = await Promise.all([
    import('svelte'),
    import('./Toaster.svelte'),
    import('svelte-sonner'),
  ]);
  mount(Toaster, { target: document.body });
  // The live region must be there before its first message, or screen readers do not say it.
  flushSync();
  return sonner;
}

function show(kind: Kind, text: string, options?: ExternalToast): void {
  ready ??= open();
  void ready.then((sonner) => sonner[kind](text, options));
}

/** Shows a message; in the browser only. `options.action` is `{label, onClick}`. */
export const toast = {
  message: (text: string, options?: ExternalToast) => show('message', text, options),
  success: (text: string, options?: ExternalToast) => show('success', text, options),
  error: (text: string, options?: ExternalToast) => show('error', text, options),
};
