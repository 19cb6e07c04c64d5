import { App, type IResolvable, type IResolveContext, type TerraformStack, Token } from "cdktf";
import type { IConstruct } from "constructs";
import type { Lookup, ReadFact } from "./lookup";

/** The stacks whose HCL cdktf writes just now. */
const inProgress = new WeakSet<IConstruct>();

/** Whether cdktf writes the stack of a construct as HCL, not as JSON. */
export function writesHcl(construct: IConstruct): boolean {
  const { root, scopes } = construct.node;
  return (App.isApp(root) && root.hclOutput) || scopes.some((scope) => inProgress.has(scope));
}

/** Notices when `Testing.synthHcl` writes a stack: its app does not say so, and no token can see it. */
export function noticeHcl(stack: TerraformStack): void {
  const write = stack.toHclTerraform.bind(stack);
  stack.toHclTerraform = () => {
    inProgress.add(stack);
    try {
      return write();
    } finally {
      inProgress.delete(stack);
    }
  };
}

/**
 * A fact of a lookup as a token. While cdktf prepares a synthesis it drops the value, so a placeholder is enough then. The
 * hidden element of the stack reports failures, because its message comes out clean.
 */
export function factAttribute<T>(
  lookup: Lookup<T>,
  name: string,
  read: ReadFact<T, unknown>,
  placeholder: unknown,
): IResolvable {
  return new Attribute(sourceOf(lookup, name, read, placeholder));
}

/** As `factAttribute`, for a value of this package's own making. */
export function anyAttribute<T>(lookup: Lookup<T>, name: string, read: ReadFact<T, unknown>): IResolvable {
  // Made once, although cdktf asks more than once.
  let made: unknown;
  return new PlainAttribute(sourceOf(lookup, name, (value) => (made ??= read(value)), {}));
}

/** A value that is known without a lookup, for a place in which cdktf might misread the plain value. */
export function knownAttribute(value: unknown): IResolvable {
  return new Attribute(() => value);
}

/** Gives the value of an attribute, or a placeholder while cdktf prepares a synthesis. */
type Source = (preparing: boolean) => unknown;

function sourceOf<T>(lookup: Lookup<T>, name: string, read: ReadFact<T, unknown>, placeholder: unknown): Source {
  return (preparing) => {
    const fact = lookup.fact(name, read, preparing);
    return preparing ? placeholder : fact;
  };
}

/** What `Lazy` makes, without the stack trace that each of its values costs: three of them for every lookup. */
class Attribute implements IResolvable {
  readonly creationStack: string[] = [];

  constructor(protected readonly source: Source) {}

  resolve(context: IResolveContext): unknown {
    return written(this.source(context.preparing), context);
  }

  toString(): string {
    return Token.asString(this);
  }

  toJSON(): string {
    return "<a fact of a backup>";
  }
}

/**
 * An attribute whose every part is plain. cdktf searches each name and value of an attribute for tokens: this one hands
 * over its value after the search.
 */
export class PlainAttribute extends Attribute {
  constructor(
    source: Source,
    private readonly around: (value: unknown) => unknown = (value) => value,
  ) {
    super(source);
  }

  override resolve(context: IResolveContext): unknown {
    const whole = this.around(super.resolve(context));
    context.registerPostProcessor({ postProcess: () => whole });
    return undefined;
  }

  /** The same value as a part of another plain value. */
  within(around: (value: unknown) => unknown): PlainAttribute {
    return new PlainAttribute(this.source, around);
  }
}

/** A value as it must replace its token, so that Terraform reads that value and nothing else. */
function written(value: unknown, { scope, suppressBraces }: IResolveContext): unknown {
  if (suppressBraces === true) {
    return expressionOf(value);
  }
  if (typeof value === "string" && joinsToNumber.test(value)) {
    return quoted(value);
  }
  return eachText(
    value,
    // cdktf writes a text of digits into HCL without quotes, but one with an expression as it is.
    writesHcl(scope) ? quoted : escapeTemplate,
  );
}

/**
 * Text that cdktf may read as one of its number tokens once text of the app precedes it, such as a hyphen: cdktf searches
 * the joined text. Quotes keep the two apart.
 */
const joinsToNumber = /[\d.+]e|^e(?:[\d+.-]|$)/i;

function quoted(text: string): string {
  return `\${${expressionOf(text)}}`;
}

/** A value in Terraform's language: JSON, apart from two escapes and from what would begin a template. */
function expressionOf(value: unknown): string {
  return escapeTemplate(JSON.stringify(value)).replaceAll(
    /\\[\\bf]/g,
    (escape) => ({ "\\b": "\\u0008", "\\f": "\\u000c" })[escape] ?? escape,
  );
}

/** Escapes what would begin an expression or a directive of Terraform. */
function escapeTemplate(text: string): string {
  return text.includes("{") ? text.replaceAll(/[$%](?=\{)/g, "$&$&") : text;
}

/** A copy of a value with each of its texts changed; the names in it are this package's own. */
function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") {
    return change(value);
  }
  if (Array.isArray(value)) {
    return value.map((each) => eachText(each, change));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, eachText(each, change)]))
    : value;
}
