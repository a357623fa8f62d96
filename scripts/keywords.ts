// node scripts/keywords.ts: how each keyword of keepalived is answered, as a Markdown table.
import { keywordTable } from './keywords/answers.ts';

process.stdout.write(keywordTable());
