import { Menu, Text, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconCheck } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useAccess, signOut } from '../session/session.js';

const schemes = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const;

/** Who is signed in, light or dark, and the way out. */
export default function AccountMenu({
  onClose,
  children,
}: {
  onClose: () => void;
  /** The button that it hangs from. */
  children: React.ReactElement;
}): React.ReactNode {
  const access = useAccess();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu defaultOpened onClose={onClose} position="bottom-end" width={240} transitionProps={{ duration: 0 }}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {access?.keyName ?? 'Root key'}
          </Text>
          <Text size="xs">
            {access?.role} · {access?.organizationName ?? 'any organization'}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        {schemes.map(({ value, label, icon: Picture }) => (
          <Menu.Item
            key={value}
            leftSection={<Picture size={16} aria-hidden />}
            rightSection={value === colorScheme ? <IconCheck size={16} aria-label="chosen" /> : null}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => {
            void signOut().then(async () => navigate('/sign-in'));
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
