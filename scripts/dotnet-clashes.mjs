// What C# would find twice in the sources that jsii-pacmak generates from an assembly of jsii.

/** Members that every object has in C#. A method `toString` overrides one, and is right to do so. */
const membersOfObject = ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals"];

/**
 * The clashes of names, one sentence each. Types clash if they differ only by case: their files are one file on Windows
 * and macOS. Members clash if they are the same once jsii-pacmak has made their first letter a capital.
 *
 * @param assembly the JSON of an assembly: `{ name, types: { <fqn>: { name, kind, … } }, submodules: { <fqn>: … } }`
 */
export function clashesIn({ name, types = {}, submodules = {} }) {
  const namespaces = Object.keys(submodules).map((fqn) => fqn.slice(name.length + 1));
  const declared = [
    ...Object.values(types).flatMap(declaredBy),
    ...namespaces.map((path) => ({ name: path, by: `submodule ${path}` })),
    ...["", ...namespaces].map((path) => ({ name: qualified(path, "NamespaceDoc"), by: "jsii-pacmak" })),
    { name: "Internal", by: "jsii-pacmak" },
  ];
  return [
    ...repeated(declared, ({ name: path }) => path.toLowerCase()).map(
      (all) => `${all[0].name}: declared by ${all.map(({ by }) => by).join(" and by ")}`,
    ),
    ...Object.values(types).flatMap((type) => memberClashes(type, types)),
  ];
}

/** What a type becomes in C#: a struct becomes an interface, and a class that implements it. */
function declaredBy({ name, namespace = "", kind, datatype = false }) {
  const names = datatype ? [`I${name}`, name] : [name];
  return names.map((each) => ({
    name: qualified(namespace, each),
    by: `${datatype ? "struct" : kind} ${qualified(namespace, name)}`,
  }));
}

function qualified(namespace, name) {
  return namespace === "" ? name : `${namespace}.${name}`;
}

/** The clashes of the members of a type: with each other, with inherited ones, and with names that C# reserves. */
function memberClashes(type, types) {
  const inherited = new Set(ancestorsOf(type, types).flatMap(memberNames));
  const own = memberNames(type);
  const path = qualified(type.namespace ?? "", type.name);
  return [
    ...repeated([...new Set([...own, ...inherited])], capitalized).map(
      (names) => `${path}: has the members ${names.join(" and ")}`,
    ),
    ...own.flatMap((name) => {
      if (capitalized(name) === capitalized(type.name)) {
        return [`${path}: has a member of its own name, ${name}`];
      }
      if (membersOfObject.includes(capitalized(name))) {
        return [`${path}: has a member ${name}, as every object in C#`];
      }
      return type.kind === "interface" && inherited.has(name) ? [`${path}: declares the inherited ${name} again`] : [];
    }),
  ];
}

/** Names of the properties and methods that a type declares itself. */
function memberNames({ properties = [], methods = [] }) {
  return [...properties, ...methods].map(({ name }) => name);
}

/** The types of the assembly that a type extends or implements, and so on. */
function ancestorsOf({ base, interfaces = [] }, types) {
  const parents = [base, ...interfaces].map((fqn) => types[fqn]).filter((parent) => parent !== undefined);
  return parents.flatMap((parent) => [parent, ...ancestorsOf(parent, types)]);
}

/** Groups of those that have the same key. */
function repeated(all, keyOf) {
  const groups = new Map();
  for (const each of all) {
    const key = keyOf(each);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

function capitalized(name) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
