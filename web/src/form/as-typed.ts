/** For a `NumberInput`: what is out of its bounds stays as it was typed, so that whoever saves it is told, and it is not changed in silence. */
export const asTyped = { clampBehavior: 'none', allowNegative: false } as const;
