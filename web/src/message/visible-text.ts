/** What cannot be seen or turns the direction of text (Unicode's Cc and Cf), but for tab and line ends. */
const unseen = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu;

/** Text from outside as it can be read safely: what would hide or turn something is written as its escape (`\u202e`). */
export function visibleText(text: string): string {
  return text.replace(unseen, (mark) => {
    const code = (mark.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}
