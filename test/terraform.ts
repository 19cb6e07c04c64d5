import { isOnPath } from "./fixtures";

/** The Terraform on the PATH; undefined where there is none. */
export const terraform = ["terraform", "tofu"].find(isOnPath);
