import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isOnPath, run } from "./fixtures";

/** The Terraform on the PATH; undefined if there is none. */
export const terraform = ["terraform", "tofu"].find(isOnPath);

/** Applies a configuration in an empty folder, and returns the values of its outputs. */
export async function applied(folder: string, file: string, text: string): Promise<Readonly<Record<string, unknown>>> {
  writeFileSync(join(folder, file), text);
  const inFolder = async (args: string): Promise<string> => {
    const { code, stdout, stderr } = await run(terraform ?? "", args.split(" "), { cwd: folder });
    expect({ args, code, stderr }).toMatchObject({ args, code: 0, stderr: code === 0 ? stderr : "" });
    return stdout;
  };
  await inFolder("init -input=false -no-color");
  await inFolder("apply -input=false -no-color -auto-approve");
  const outputs = JSON.parse(await inFolder("output -json")) as Record<string, { readonly value: unknown }>;
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
