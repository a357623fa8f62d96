// Lets a promise that needs the virtual loop come to its end.
import type { FakePlatform } from '../../src/platform/fake.ts';

/** Runs the loop of the fake, without letting time pass, between the steps of the promise until it is settled. */
export async function settled<T>(platform: FakePlatform, promise: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  promise.then(end, end);
  while (!over) {
    platform.clock.settle();
    await new Promise(resolve => setImmediate(resolve));
  }
  return promise;
}
