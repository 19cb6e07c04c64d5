import type { Instant } from "../backup/instant";
import type { Settings } from "../frozen/settings";
import { Engine } from "../lookup/engine";

/** Asks the API as a command does that puts its questions itself, and closes the connections. */
export async function withEngine<T>(
  { deadlineSeconds, concurrency }: Settings,
  now: Instant,
  ask: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = new Engine({ now, deadlineSeconds, concurrency, environment: process.env });
  try {
    return await ask(engine);
  } finally {
    engine.close();
  }
}
