/**
 * Puts formatted text on the clipboard, with plain text beside it for programs that take no other;
 * answers whether it is there. On plain http there is no `navigator.clipboard`, so a copy event of our
 * own carries both.
 */
export async function copyRich(html: string, text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined && typeof ClipboardItem !== 'undefined') {
    const item = new ClipboardItem({
      'text/html': new Blob([html], { type: 'text/html' }),
      'text/plain': new Blob([text], { type: 'text/plain' }),
    });
    try {
      await navigator.clipboard.write([item]);
      return true;
    } catch (error) {
      // Not allowed by the person or the page's policy; the older way may still be.
      if (!(error instanceof DOMException)) throw error;
    }
  }
  let isCopied = false;
  const onCopy = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData('text/html', html);
    event.clipboardData?.setData('text/plain', text);
    isCopied = event.clipboardData !== null;
  };
  document.addEventListener('copy', onCopy, { capture: true, once: true });
  document.execCommand('copy');
  document.removeEventListener('copy', onCopy, { capture: true });
  return isCopied;
}
