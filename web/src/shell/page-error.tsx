import { Box } from '@mantine/core';
import { useRouteError } from 'react-router';
import { ProblemNotice } from '../show/problem-notice.js';

/** In the place of a view that broke, or that could not be loaded; the rest of the console goes on. */
export function PageError(): React.ReactNode {
  const error = useRouteError();
  return (
    <Box p="lg" maw={720}>
      <ProblemNotice error={error} retry={() => window.location.reload()} />
    </Box>
  );
}
