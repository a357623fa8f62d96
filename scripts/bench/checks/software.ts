// What checks servers on the board: the director or keepalived, started and ended by hand with the same file.
import { GIVEN } from '../guest.ts';
import { keepalivedCommand } from '../keepalived-i386.ts';

export interface Software {
  readonly name: string;
  /** Shell commands for the board; the first one leaves it running. */
  start(file: string): string;
  readonly stop: string;
  /** Prints the process that checks. */
  readonly checker: string;
}

/** In the background, away from the console. */
function background(command: string, log: string): string {
  return `setsid ${command} </dev/null >${log} 2>&1 &`;
}

const runDirectory = '/run/bench';

export const director: Software = {
  name: 'director',
  start: file => background(`director run --config ${file} --run-dir ${runDirectory}`, '/tmp/ours.log'),
  stop: `director stop --run-dir ${runDirectory}`,
  checker: `for pid in $(pidof director); do grep -q '^director: checker' /proc/$pid/cmdline && echo $pid; done`,
};

const pids = { parent: '/tmp/keepalived.pid', checker: '/tmp/checkers.pid' };

export const keepalived: Software = {
  name: 'keepalived',
  start: file =>
    background(
      `${keepalivedCommand(`${GIVEN}/peer`)} --check --dont-fork --log-console --use-file ${file} \
        --pid ${pids.parent} --checkers_pid ${pids.checker}`,
      '/tmp/peer.log',
    ),
  stop: `kill $(cat ${pids.parent}); while [ -e ${pids.parent} ]; do sleep 1; done`,
  checker: `cat ${pids.checker}`,
};
