import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useLinks } from '../address/links.js';
import { actFor } from '../api/acting.js';

/** For a key that acts for any organization and may not list them: it names one by its id. */
export function EnterOrganization(): ReactNode {
  const to = useLinks();
  const navigate = useNavigate();
  const [id, setId] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (id.trim() === '') return;
        actFor(id.trim());
        void navigate(to('overview'));
      }}
    >
      <Text mb="md">This key acts for any organization: name the one to act in, in this tab.</Text>
      <Group align="flex-end">
        <TextInput
          label="Organization id"
          placeholder="org_…"
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
        />
        <Button type="submit">Act in it</Button>
      </Group>
    </form>
  );
}
