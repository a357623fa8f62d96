// An hour (--runs MINUTES) of a loaded pair of directors with everything that goes wrong: sectors written to the cards, by QEMU's count.
import { join } from 'node:path';
import { services, startLab, untilServed } from '../lab/lab.ts';
import { unrest } from '../lab/unrest.ts';
import { type Benchmark, row } from './result.ts';

const HOUR = 60;
const MINUTE = 60_000;

export const benchmark: Benchmark = {
  name: 'quiet-card',
  unit: 'sectors written',
  needs: 'image',
  async run(note, { out, runs = HOUR }) {
    const lab = await startLab({ image: join(out, 'net4801.img'), logs: join(out, 'lab'), note });
    try {
      for (const url of Object.values(services)) await untilServed(lab, url, 2, 2 * MINUTE);
      const { rounds, answered, sectors } = await unrest(lab, runs * MINUTE, note);
      return [
        ...sectors.map((count, index) =>
          row(`${runs} minutes, director ${index + 1}`, [count], { target: 0 }),
        ),
        row('requests answered meanwhile', [answered], { unit: 'requests' }),
        row('times that everything has happened', [rounds], { unit: 'rounds' }),
      ];
    } finally {
      await lab.stop();
    }
  },
};
