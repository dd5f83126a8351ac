import { Input, useComputedColorScheme } from '@mantine/core';
import { syntaxTree } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useId, useImperativeHandle, useRef, type ReactNode, type RefObject } from 'react';
import { extensionsOf, type Language } from './extensions.js';
import { faultMarks, type CodeFault } from './fault-marks.js';

/** What can be done to an editor from outside. */
export interface CodeHandle {
  /** Puts text into the string at the cursor, in the place of what is selected; as a string of its own where there is none. */
  insert: (text: string) => void;
}

/** What a `CodeEditor` takes. */
export interface CodeFieldProps {
  label: string;
  description?: string;
  value: string;
  onChange?: (text: string) => void;
  language?: Language;
  error?: ReactNode;
  /** Values that are underlined. The same array as long as they are the same. */
  faults?: readonly CodeFault[];
  readOnly?: boolean;
  /** In px; default 160. */
  minHeight?: number;
  /** Where something beside it names it already. */
  hideLabel?: boolean;
  /** To put text in from outside. */
  handle?: RefObject<CodeHandle | null>;
}

/** The editor itself; the text is the caller's, and is taken over where it is another than what stands here. */
export default function CodeField({
  label,
  description,
  value,
  onChange,
  language = 'json',
  error,
  faults,
  readOnly = false,
  minHeight = 160,
  hideLabel = false,
  handle,
}: CodeFieldProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useRef(onChange);
  const text = useRef(value);
  const id = useId();
  const isDark = useComputedColorScheme('light') === 'dark';
  useEffect(() => {
    changed.current = onChange;
    text.current = value;
  });
  useEffect(() => {
    const parent = place.current;
    if (!parent) return undefined;
    const made = new EditorView({
      parent,
      state: EditorState.create({
        doc: text.current,
        extensions: [
          extensionsOf({ language, isDark, readOnly, minHeight }),
          faultMarks.field,
          EditorView.contentAttributes.of({ 'aria-label': label, id, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [language, isDark, readOnly, minHeight, label, id]);
  useEffect(() => {
    const shown = view.current;
    if (!shown || shown.state.doc.toString() === value) return;
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => view.current?.dispatch({ effects: faultMarks.effect.of(faults ?? []) }), [faults]);
  useImperativeHandle(handle, () => ({
    insert(text) {
      const shown = view.current;
      if (!shown) return;
      const { from, to } = shown.state.selection.main;
      const at = syntaxTree(shown.state).resolveInner(from, -1);
      const isInString = ['String', 'PropertyName'].includes(at.name) && from < at.to;
      const inserted = isInString ? text : JSON.stringify(text);
      shown.dispatch({
        changes: { from, to, insert: inserted },
        selection: { anchor: from + inserted.length },
        scrollIntoView: true,
      });
      // The list that it was picked from takes the focus back as it closes.
      requestAnimationFrame(() => shown.focus());
    },
  }));
  return (
    <Input.Wrapper
      {...(hideLabel ? {} : { label })}
      labelElement="div"
      description={description}
      error={error}
      w="100%"
    >
      <div ref={place} style={{ marginTop: description === undefined ? 0 : 6 }} />
    </Input.Wrapper>
  );
}
