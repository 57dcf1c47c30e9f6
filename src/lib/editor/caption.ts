/** The field of a block's own text, inside its node view: a picture's caption, a chart's. */
import { NodeSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

function textInput(label: string): HTMLInputElement {
  const input = document.createElement('input');
  input.type = 'text';
  input.maxLength = 500;
  input.placeholder = label;
  input.setAttribute('aria-label', label);
  return input;
}

export interface AttributeInput {
  input: HTMLInputElement;
  show(value: string): void;
}

/** A field that edits an attribute of the node at a position. Enter and Escape select the node again. */
export function attributeInput(
  label: string,
  name: string,
  view: EditorView,
  position: () => number | undefined,
): AttributeInput {
  const input = textInput(label);
  input.addEventListener('input', () => {
    const at = position();
    if (at !== undefined) view.dispatch(view.state.tr.setNodeAttribute(at, name, input.value));
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    const at = position();
    if (at === undefined) return;
    const { tr, doc } = view.state;
    view.dispatch(tr.setSelection(NodeSelection.create(doc, at)));
    view.focus();
  });
  return {
    input,
    show(value) {
      // While someone types here, their own text is the newer one.
      if (input.value !== value && input !== input.ownerDocument.activeElement) input.value = value;
    },
  };
}

export interface CaptionInput extends AttributeInput {
  element: HTMLElement;
}

/** A caption: the field, and its text for those who only read. */
export function captionInput(...given: Parameters<typeof attributeInput>): CaptionInput {
  const { input, show } = attributeInput(...given);
  const element = document.createElement('figcaption');
  const shown = document.createElement('span');
  element.append(shown, input);
  return {
    element,
    input,
    show(value) {
      shown.textContent = value;
      show(value);
    },
  };
}
