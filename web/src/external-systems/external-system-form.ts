import type { Schema } from '../api/schemas.js';
import { authOf, authValuesOf, noAuth, type AuthValues } from '../auth/auth-values.js';
import { useProblemForm, type ProblemForm } from '../form/problem-form.js';
import type { ExternalSystem } from './external-systems.js';

type Values = { name: string; baseUrl: string; origins: string[]; auth: AuthValues };
export type ExternalSystemForm = ProblemForm<Values>;

/** The form of an external system; without one, of a new one. */
export function useExternalSystemForm(system?: ExternalSystem): ExternalSystemForm {
  return useProblemForm<Values>({
    initialValues: system ? valuesOf(system) : { name: '', baseUrl: '', origins: [], auth: noAuth },
    validate: {
      name: (name) => (name.trim() === '' ? 'Give it a name' : null),
      baseUrl: (url) => (url.trim() === '' ? 'Say where it is, such as https://api.example.com' : null),
    },
  });
}

export function valuesOf({ name, baseUrl, origins, auth }: ExternalSystem): Values {
  return { name, baseUrl, origins, auth: authValuesOf(auth) };
}

/** What the API takes of the form. */
export function bodyOf({ name, baseUrl, origins, auth }: Values): Schema<'NewExternalSystem'> {
  return { name, baseUrl, origins, auth: authOf(auth) };
}
