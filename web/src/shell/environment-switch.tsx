import { Link } from 'react-router';
import { environments } from '../api/acting.js';
import { useEnvironment } from '../address/links.js';
import classes from './shell.module.css';

const labels = { sandbox: 'Sandbox', production: 'Production' };

/** The environments side by side, the present one marked; the other opens its overview, or asks to sign in to it. */
export function EnvironmentSwitch(): React.ReactNode {
  const present = useEnvironment();
  return (
    <nav className={classes['environments']} aria-label="Environment">
      {environments.map((environment) => (
        <Link
          key={environment}
          to={`/${environment}`}
          className={classes['environment']}
          {...(environment === present ? { 'aria-current': 'true' as const } : {})}
        >
          {labels[environment]}
        </Link>
      ))}
    </nav>
  );
}
