import { Anchor, Loader, Modal, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { useEnvironment, useLinks } from '../address/links.js';
import type { Environment } from '../api/acting.js';
import { useMay } from '../session/session.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { confirm } from './dialogs.js';
import { goalsFor } from './find-goals.js';
import { FindList, type Entry } from './find-list.js';
import classes from './find.module.css';
import { addressOf, kinds, matches, useFound } from './found.js';

/** One field that leads anywhere: to a screen, to what one wants to do, and to whatever the text stands for. */
export default function FindDialog({ close }: { close: () => void }): ReactNode {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const isEntered = useRef(false);
  const list = useId();
  const environment = useEnvironment();
  const navigate = useNavigate();
  const { entries, isSettled, error, closed } = useEntries(text);
  const present = entries[Math.min(chosen, entries.length - 1)];

  const open = async (entry: Entry): Promise<void> => {
    close();
    if (entry.environment === 'production' && environment !== 'production' && !(await isMeant())) return;
    await navigate(entry.address);
  };
  // Enter right after a paste: what is found comes a moment later.
  useEffect(() => {
    if (!isEntered.current || !isSettled) return;
    isEntered.current = false;
    if (present) void open(present);
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === 'Enter') {
      event.preventDefault();
      if (isSettled && present) void open(present);
      else isEntered.current = true;
    } else if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      setChosen((Math.min(chosen, entries.length - 1) + step + entries.length) % entries.length);
    }
  };
  return (
    <Modal.Root
      opened
      onClose={close}
      size={640}
      yOffset="10dvh"
      padding={0}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Find anything">
        <TextInput
          data-autofocus
          size="md"
          role="combobox"
          aria-label="Find"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={present ? `${list}-${present.key}` : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={2_048}
          placeholder="An id, a name, a URL, an order number, a screen"
          className={classes['field'] ?? ''}
          leftSection={<IconSearch size={18} aria-hidden />}
          rightSection={isSettled ? null : <Loader size="xs" />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setChosen(0);
            isEntered.current = false;
          }}
          onKeyDown={onKeyDown}
        />
        {error ? <ProblemNotice error={error} m="sm" /> : null}
        <FindList
          id={list}
          entries={entries}
          present={present}
          onChoose={(entry) => setChosen(entries.indexOf(entry))}
          onOpen={(entry) => void open(entry)}
        />
        {isSettled && entries.length === 0 && !error ? (
          <Text p="lg" c="dimmed" role="status">
            Nothing is called so, has this id, or holds this value.
          </Text>
        ) : null}
        <Footer closed={closed} close={close} />
      </Modal.Content>
    </Modal.Root>
  );
}

/** What a text leads to: screens and actions at once, what is found as soon as it is. */
function useEntries(
  text: string,
): Omit<ReturnType<typeof useFound>, 'found'> & { entries: readonly Entry[] } {
  const environment = useEnvironment();
  const to = useLinks();
  const may = useMay();
  const { found, ...rest } = useFound(text);
  const goals = goalsFor(text, may).map(({ label, icon, path }): Entry => ({
    key: path.replaceAll('/', '-') + label.replaceAll(' ', '-'),
    group: 'Go to',
    environment,
    icon,
    title: label,
    address: to(...path.split('/')),
  }));
  const things = found.map((each): Entry => ({
    key: `${each.environment}-${each.kind}-${each.id}`,
    group: each.environment === 'production' ? 'In production' : 'In sandbox',
    environment: each.environment,
    icon: kinds[each.kind].icon,
    kind: kinds[each.kind].label,
    title: each.title,
    detail: each.match === 'id' || each.detail === null ? each.id : each.detail,
    match: matches[each.match],
    address: addressOf(each),
  }));
  return { entries: text.trim() === '' ? goals : [...goals, ...things], ...rest };
}

async function isMeant(): Promise<boolean> {
  return confirm({
    title: 'Go to production?',
    detail: 'This is in production: what you change or send there reaches real receivers.',
    confirm: 'Go to production',
    cancel: 'Stay in sandbox',
  });
}

function Footer({ closed, close }: { closed: readonly Environment[]; close: () => void }): ReactNode {
  return (
    <div className={classes['footer']}>
      <span>
        <kbd>↑</kbd> <kbd>↓</kbd> to choose, <kbd>Enter</kbd> to open, <kbd>Esc</kbd> to close
      </span>
      {closed.map((environment) => (
        <span key={environment}>
          Not looked for in {environment}:{' '}
          <Anchor component={Link} to={`/sign-in?to=/${environment}`} inherit onClick={close}>
            sign in there
          </Anchor>
        </span>
      ))}
    </div>
  );
}
