// What a dialogue says, line by line.
import type { Dialogue } from '../../src/director/check/dialogue.ts';

/** What is said at each line, `TLS` where it begins, and what it comes to. */
export function talk(dialogue: Dialogue, ...lines: string[]): string[] {
  return lines.map(line => {
    const reaction = dialogue.take(line);
    if (reaction === null) return '';
    if (reaction.encrypt) return `TLS ${dialogue.encrypted!()!.say}`.trimEnd();
    return `${reaction.say?.trimEnd() ?? ''}${reaction.end === undefined ? '' : ` = ${reaction.end.reason}`}`;
  });
}

/** Only what is said at the last line. */
export const last = (dialogue: Dialogue, ...lines: string[]) => talk(dialogue, ...lines).at(-1);
