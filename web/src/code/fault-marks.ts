import { syntaxTree } from '@codemirror/language';
import { StateEffect, StateField, type EditorState, type Range } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

/** What is wrong with a value within JSON text: its dotted path from the top, and how. */
export interface CodeFault {
  path: string;
  message: string;
}

const effect = StateEffect.define<readonly CodeFault[]>();

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const each of transaction.effects) {
      if (each.is(effect)) return marksOf(transaction.state, each.value);
    }
    return marks.map(transaction.changes);
  },
  provide: (marks) => EditorView.decorations.from(marks),
});

/** Underlines the values that faults speak of: `dispatch({ effects: faultMarks.effect.of(faults) })`. */
export const faultMarks = { effect, field };

function marksOf(state: EditorState, faults: readonly CodeFault[]): DecorationSet {
  const ranges = faults.flatMap(({ path, message }): Range<Decoration>[] => {
    const found = rangeAt(state, path === '' ? [] : path.split('.'));
    const mark = Decoration.mark({ class: 'fault', attributes: { title: message } });
    return found && found.from < found.to ? [mark.range(found.from, found.to)] : [];
  });
  return Decoration.set(ranges, true);
}

type Node = NonNullable<ReturnType<typeof syntaxTree>['topNode']['firstChild']>;

/** Where the value at a dotted path stands in the text; where it is missing, the beginning of what it is missing from. */
function rangeAt(state: EditorState, path: readonly string[]): { from: number; to: number } | undefined {
  let node = syntaxTree(state).topNode.firstChild;
  for (const segment of path) {
    if (!node) return undefined;
    const next: Node | null | undefined =
      node.name === 'Array' ? elementsOf(node)[Number(segment)] : valueOf(state, node, segment);
    if (!next) return { from: node.from, to: node.from + 1 };
    node = next;
  }
  return node ? { from: node.from, to: node.to } : undefined;
}

function elementsOf(array: Node): Node[] {
  const found: Node[] = [];
  for (let child = array.firstChild; child; child = child.nextSibling) {
    if (!['[', ']', ','].includes(child.name)) found.push(child);
  }
  return found;
}

function valueOf(state: EditorState, object: Node, name: string): Node | null | undefined {
  const quoted = JSON.stringify(name);
  return object
    .getChildren('Property')
    .find(({ firstChild }) => firstChild && state.sliceDoc(firstChild.from, firstChild.to) === quoted)
    ?.lastChild;
}
