/** A text in all forms in which it could stand somewhere: as it is, percent-encoded, in hex, and in base64 wherever it begins. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Without what the bytes before and after it take part in.
    const own = encoded.slice(before === 0 ? 0 : before + 1, -4);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const hex = bytes.toString('hex');
  return [secret, encodeURIComponent(secret), hex, hex.toUpperCase(), ...inBase64];
}

/** Which of these, by their names, stand in a text in any form. */
export function leaksIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
    .map(([name]) => name);
}
