import { Modal, NavLink, Stack, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useLinks } from '../address/links.js';
import { useMay } from '../session/session.js';
import { navigation } from './navigation.js';

/** Finds a screen by its name; Enter opens the first. */
export default function FindDialog({ close }: { close: () => void }): React.ReactNode {
  const [text, setText] = useState('');
  const to = useLinks();
  const may = useMay();
  const navigate = useNavigate();
  const found = navigation
    .flatMap(({ destinations }) => destinations)
    .filter(({ needs, label }) => may(needs) && label.toLowerCase().includes(text.trim().toLowerCase()));
  const open = (path: string): void => {
    close();
    void navigate(to(path));
  };
  return (
    <Modal opened onClose={close} title="Find anything" size="lg" transitionProps={{ duration: 0 }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = found;
          if (first) open(first.path);
        }}
      >
        <TextInput
          data-autofocus
          aria-label="Find"
          placeholder="The name of a screen"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </form>
      <Stack gap={2} mt="sm">
        {found.map(({ path, label, icon: Picture }) => (
          <NavLink
            key={path}
            component="button"
            label={label}
            leftSection={<Picture size={18} stroke={1.7} aria-hidden />}
            onClick={() => open(path)}
          />
        ))}
      </Stack>
    </Modal>
  );
}
