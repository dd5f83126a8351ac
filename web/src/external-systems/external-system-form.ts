import type { Schema } from '../api/schemas.js';
import { authOf, authValuesOf, noAuth, type AuthValues } from '../auth/auth-values.js';
import { noTls, tlsOf, tlsValuesOf, type TlsValues } from '../tls/tls-values.js';
import { useProblemForm, type ProblemForm } from '../form/problem-form.js';
import type { ExternalSystem } from './external-systems.js';

type Values = TlsValues & { name: string; baseUrl: string; origins: string[]; auth: AuthValues };
export type ExternalSystemForm = ProblemForm<Values>;

/** The form of an external system; without one, of a new one. */
export function useExternalSystemForm(system?: ExternalSystem): ExternalSystemForm {
  return useProblemForm<Values>({
    initialValues: system ? valuesOf(system) : { name: '', baseUrl: '', origins: [], auth: noAuth, ...noTls },
    validate: {
      name: (name) => (name.trim() === '' ? 'Give it a name' : null),
      baseUrl: (url) => (url.trim() === '' ? 'Say where it is, such as https://api.example.com' : null),
    },
  });
}

export function valuesOf(system: ExternalSystem): Values {
  const { name, baseUrl, origins, auth } = system;
  return { name, baseUrl, origins, auth: authValuesOf(auth), ...tlsValuesOf(system) };
}

/** What the API takes of the form. */
export function bodyOf(values: Values): Schema<'NewExternalSystem'> {
  const { name, baseUrl, origins, auth } = values;
  return { name, baseUrl, origins, auth: authOf(auth), ...tlsOf(values) };
}
