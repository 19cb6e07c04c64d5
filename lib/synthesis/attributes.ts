import { Token, type IResolvable, type IResolveContext } from "cdktf";
import type { Lookup, ReadFact } from "./lookup";

/**
 * An attribute is a token. While cdktf prepares a synthesis its value is thrown away, so that a placeholder
 * does: what fails is told by the hidden element of the stack, whose message comes out clean. A fact that is used
 * but not known is an error, never an empty text.
 */
export function textAttribute<T>(
  lookup: Lookup<T>,
  name: string,
  read: ReadFact<T, string | undefined>,
): string {
  return Token.asString(new Attribute(lookup, name, read, ""));
}

/** As `textAttribute`, for a number. */
export function numberAttribute<T>(
  lookup: Lookup<T>,
  name: string,
  read: ReadFact<T, number | undefined>,
): number {
  return Token.asNumber(new Attribute(lookup, name, read, 0));
}

/** As `textAttribute`, for a list, which can be passed on only as a whole. */
export function listAttribute<T>(
  lookup: Lookup<T>,
  name: string,
  read: ReadFact<T, readonly string[]>,
): string[] {
  return Token.asList(new Attribute(lookup, name, (value: T) => [...read(value)], []));
}

/** As `textAttribute`, for any other value. */
export function anyAttribute<T>(lookup: Lookup<T>, name: string, read: ReadFact<T, unknown>): IResolvable {
  // Made once, though cdktf asks more than once, and for whoever resolves it: nobody may change it.
  let made: unknown;
  return new PlainAttribute(lookup, name, (value) => (made ??= Object.freeze(read(value))), {});
}

/** What `Lazy` makes, but for the stack trace that each of its values takes: three of them for every lookup. */
class Attribute<T, V> implements IResolvable {
  readonly creationStack: string[] = [];

  constructor(
    private readonly lookup: Lookup<T>,
    private readonly name: string,
    private readonly read: ReadFact<T, V>,
    private readonly placeholder: V,
  ) {}

  resolve({ preparing }: IResolveContext): V {
    if (!preparing) {
      return this.lookup.fact(this.name, this.read);
    }
    if (this.lookup.isSettled) {
      // Throws what is to be thrown before any file is written.
      this.lookup.fact(this.name, this.read);
    } else {
      this.lookup.expectFact(this.name, this.read);
    }
    return this.placeholder;
  }

  toString(): string {
    return Token.asString(this);
  }

  toJSON(): string {
    return "<a fact of a lookup>";
  }
}

/**
 * An attribute of which every part is known to be plain: cdktf, which looks for tokens in each name and value of
 * what it gets from one, is handed the value once that is over.
 */
class PlainAttribute<T> extends Attribute<T, unknown> {
  override resolve(context: IResolveContext): unknown {
    const value = super.resolve(context);
    context.registerPostProcessor({ postProcess: () => value });
    return undefined;
  }
}
