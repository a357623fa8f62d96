// What stands anywhere in a file and is no keyword of a block, for `director help`: include lines, conditions, definitions, loops.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: names in braces belong to the configuration language.

export interface Syntax {
  /** The words that help knows it by. */
  readonly words: readonly string[];
  readonly usage: string;
  readonly help: string;
  readonly example: string;
}

export const SYNTAX: readonly Syntax[] = [
  {
    words: ['include', 'includem'],
    usage: 'include FILE',
    help: 'Puts the lines of FILE here. A pattern (*, ?, [...], {a,b}) may match nothing; a file that is named must be there.',
    example: 'include conf.d/*.conf',
  },
  {
    words: ['includer'],
    usage: 'includer FILE',
    help: 'As include, and the file need not be there.',
    example: 'includer local.conf',
  },
  {
    words: ['includew'],
    usage: 'includew FILE',
    help: 'As include, and a pattern must match.',
    example: 'includew conf.d/*.conf',
  },
  {
    words: ['includeb'],
    usage: 'includeb FILE',
    help: 'As include, and each choice in braces must match.',
    example: 'includeb {web,mail}.conf',
  },
  {
    words: ['includea'],
    usage: 'includea FILE',
    help: 'As include, and a pattern and each choice in braces must match.',
    example: 'includea conf.d/*.conf',
  },
  {
    words: ['@', '@^', '@id'],
    usage: '@ID LINE | @^ID LINE',
    help: 'The line counts only where the config id is ID (with ^: is not): that of --config-id, or else the host name.',
    example: '@lb1 priority 150',
  },
  {
    words: ['$', '${'],
    usage: '$NAME=TEXT',
    help: '$NAME and ${NAME} stand for the text from here on; over several lines if each but the last ends with a backslash.',
    example: '$VIP=192.0.2.100',
  },
  {
    words: ['~SEQ', '~SEQx'],
    usage: '~SEQ(NAME, [FIRST, [STEP,]] LAST) LINE',
    help: 'Reads the line once for each number, which $NAME stands for; ~SEQx writes it in hexadecimal.',
    example: '~SEQ(N, 1, 4) 192.0.2.${N}',
  },
  {
    words: ['~LST'],
    usage: '~LST(NAME, VALUE, ...) LINE',
    help: 'Reads the line once for each value; {A, B} and {a, b} instead of one name and value set several.',
    example: '~LST({N, P}, {21, 80}, {22, 8080}) ...',
  },
  {
    words: ['_PWD', '_INSTANCE', '_RANDOM', '_HASH', '_BANG'],
    usage: '${_PWD} | ${_INSTANCE} | ${_RANDOM [LEAST [MOST]]} | ${_HASH} | ${_BANG}',
    help: 'The folder of this file, the config id, a number that is the same whenever this director reads the file, # and !.',
    example: 'misc_path "${_PWD}/check.sh"',
  },
];
