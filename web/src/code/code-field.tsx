import { Input, useComputedColorScheme } from '@mantine/core';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { extensionsOf, type Language } from './extensions.js';
import { faultMarks, type CodeFault } from './fault-marks.js';

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
          EditorView.contentAttributes.of({ 'aria-label': label, id }),
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
  return (
    <Input.Wrapper label={label} labelElement="div" description={description} error={error} w="100%">
      <div ref={place} />
    </Input.Wrapper>
  );
}
