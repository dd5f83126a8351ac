import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';

export type Language = 'json' | 'template';

/** `{path}` of a payload template; `{{` and `}}` are braces. */
const placeholders = new MatchDecorator({
  regexp: /(?<!\{)\{[A-Za-z_][\w.-]*\}(?!\})/g,
  decoration: Decoration.mark({ class: 'placeholder' }),
});

const placeholderMarks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = placeholders.createDeco(view);
    }

    update(update: ViewUpdate): void {
      this.decorations = placeholders.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** All that an editor is made of. `minHeight` is in px. */
export function extensionsOf({
  language,
  isDark,
  readOnly,
  minHeight,
}: {
  language: Language;
  isDark: boolean;
  readOnly: boolean;
  minHeight: number;
}): Extension {
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    bracketMatching(),
    json(),
    keymap.of([...defaultKeymap, ...historyKeymap]),
    EditorView.lineWrapping,
    EditorState.readOnly.of(readOnly),
    syntaxHighlighting(coloursOf(isDark)),
    look(isDark, minHeight),
    language === 'template' ? placeholderMarks : [],
  ];
}

function coloursOf(isDark: boolean): HighlightStyle {
  const [key, string, number, atom] = isDark
    ? ['#91a7ff', '#8ce99a', '#ffc078', '#e599f7']
    : ['#364fc7', '#2b6a38', '#a04100', '#862e9c'];
  return HighlightStyle.define([
    { tag: tags.propertyName, color: key },
    { tag: tags.string, color: string },
    { tag: tags.number, color: number },
    { tag: [tags.bool, tags.null], color: atom },
  ]);
}

function look(isDark: boolean, minHeight: number): Extension {
  return EditorView.theme(
    {
      '&': {
        fontSize: '13px',
        border: '1px solid var(--line)',
        borderRadius: '8px',
        backgroundColor: 'var(--mantine-color-body)',
        overflow: 'hidden',
      },
      '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)' },
      '.cm-content, .cm-gutter': { minHeight: `${minHeight}px` },
      '.cm-content': { fontFamily: 'var(--mantine-font-family-monospace)', padding: '10px 0' },
      '.cm-scroller': { maxHeight: '480px', overflow: 'auto' },
      '.cm-gutters': {
        backgroundColor: 'var(--ground)',
        color: 'var(--mantine-color-dimmed)',
        border: 'none',
      },
      '.fault': {
        textDecoration: 'underline wavy var(--mantine-color-error) 1px',
        textUnderlineOffset: '3px',
        backgroundColor: 'color-mix(in srgb, var(--mantine-color-error) 12%, transparent)',
      },
      '.placeholder': {
        backgroundColor: isDark ? '#3b2f63' : '#e9e2ff',
        borderRadius: '4px',
        fontWeight: '600',
      },
    },
    { dark: isDark },
  );
}
