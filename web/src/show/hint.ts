/** Attributes of an element that says more about itself on hover, on focus and on touch: `<time {...hint(utc)}>`. */
export function hint(text: string): { 'data-hint': string } {
  return { 'data-hint': text };
}
