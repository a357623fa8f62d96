// What to say of a word that is no keyword of its block: misspelt, in the wrong place, keepalived's but not ours yet, or nothing.
import { shorten, unwantedCharacter } from './characters.ts';
import { keepalivedKeywords } from './keepalived-keywords.ts';
import { nearest } from './nearest.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import type { Fields, Keyword } from './vocabulary.ts';

/** Reports the word. When it is clear what is meant, the block behind it is searched for problems as well. */
export function readUnknown(statement: Statement, owner: Statement | null, reading: Reading): void {
  if (reading.problems.isFull) return;
  const word = statement.words[0]!;
  // In a block of this block, or else anywhere.
  const near = homesOf(word, reading.fields).filter(home => home.name !== '');
  const homes = near.length > 0 ? near : homesOf(word, reading.root);
  const shown = shorten(word);
  if (word.startsWith('$')) {
    const advice = `write ${word.replace(/[^$\w]/g, '')}=TEXT above, without a space before the =`;
    reading.error(statement, 0, `nothing is defined as ${shown}`, advice);
  } else if (homes.length > 0) {
    const places = homes.map(home => (home.name === '' ? 'at the top level' : `in ${home.name}`)).join(', ');
    const advice = homes.some(home => home.name === '') ? 'is a } missing above?' : 'move it there';
    reading.error(statement, 0, `${shown} belongs ${places}, not ${place(owner)}`, advice);
    readAnyway(homes[0]!.keyword, statement, reading);
  } else if (keepalivedKeywords().has(word)) {
    const message = `${shown} is known to keepalived, but not supported by this version`;
    reading.error(statement, 0, message, `delete it, or see what ${nameOf(owner)} takes`);
  } else {
    reportMisspelt(statement, owner, reading);
  }
}

function reportMisspelt(statement: Statement, owner: Statement | null, reading: Reading): void {
  const word = statement.words[0]!;
  const fields = reading.fields;
  const guess = nearest(word, fields.keys());
  const meant = guess ?? nearest(word, keepalivedKeywords());
  const character = unwantedCharacter(word);
  if (character !== null) {
    reading.error(statement, 0, `there is ${character} in "${shorten(word)}"`, 'type the word again');
    return;
  }
  // A setting of the kernel whose keyword is not called as it is: sync_threshold.
  const [home] = homesOf(`lvs_${word}`, reading.root);
  const advice =
    home !== undefined
      ? `did you mean lvs_${word}, which belongs in ${home.name}?`
      : meant !== null
        ? `did you mean ${meant}?`
        : `${nameOf(owner)} takes ${[...fields.keys()].join(', ')}`;
  reading.error(statement, 0, `unknown word "${shorten(word)}" ${place(owner)}`, advice);
  if (guess !== null) readAnyway(fields.get(guess)!.keyword, statement, reading);
}

/** Only for the problems in the block; what is read is not used. */
function readAnyway(keyword: Keyword<unknown>, statement: Statement, reading: Reading): void {
  if (keyword.fields !== null && statement.block !== null) keyword.read(statement, reading);
}

function place(owner: Statement | null): string {
  return owner === null ? 'at the top level' : `in ${nameOf(owner)}`;
}

function nameOf(owner: Statement | null): string {
  return owner === null ? 'the top level' : shorten(owner.words[0]!);
}

interface Home {
  /** The block's keyword; empty at the top. */
  readonly name: string;
  readonly keyword: Keyword<unknown>;
}

/** Where in the vocabulary a keyword stands. */
function homesOf(word: string, fields: Fields, name = '', found: Home[] = []): Home[] {
  const field = fields.get(word);
  if (field !== undefined && found.every(home => home.name !== name))
    found.push({ name, keyword: field.keyword });
  for (const [inner, { keyword, name: own }] of fields) {
    if (inner === own && keyword.fields !== null) homesOf(word, keyword.fields, inner, found);
  }
  return found;
}
