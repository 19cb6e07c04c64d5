import type { AccessKey, CredentialsProvider } from "./key-source";
import type { CredentialSources } from "./sources";
import { accessKeyIn, type Environment, namesSetIn, textOfVariables } from "./variables";

/** The access keys of a run. Variables are read at once; every other source is loaded when it is needed. */
export class Credentials {
  private readonly end: number;
  private sources: CredentialSources | undefined;
  private isClosed = false;

  /**
   * @param environment the variables that credentials come from
   * @param timeMs how long all that runs for credentials may take, milliseconds
   * @param onSource gets the name of each source that is asked, in words; the first one is what counts
   */
  constructor(
    private readonly environment: Environment,
    timeMs: number,
    private readonly onSource: (source: string) => void = () => undefined,
  ) {
    this.end = performance.now() + timeMs;
  }

  /** The access keys of a profile, or of the environment; with a role, those of the role that they may assume. */
  providerFor(profile?: string, roleArn?: string): CredentialsProvider {
    const names = namesSetIn(this.environment);
    const key =
      profile !== undefined || roleArn !== undefined || names === undefined
        ? undefined
        : accessKeyIn(this.environment, names);
    return {
      getCredentials: async (): Promise<AccessKey> => {
        if (key === undefined || names === undefined) {
          return this.open().providerFor(profile, roleArn).getCredentials();
        }
        this.onSource(textOfVariables(names));
        return key;
      },
    };
  }

  /** Ends whatever is still under way. */
  close(): void {
    this.isClosed = true;
    this.sources?.close();
  }

  private open(): CredentialSources {
    const loaded = require("./sources") as typeof import("./sources");
    const timeMs = this.isClosed ? 0 : this.end - performance.now();
    this.sources ??= new loaded.CredentialSources(this.environment, timeMs, this.onSource);
    return this.sources;
  }
}
