import { itemsOf, type Page } from "../paging";
import type { World, WorldInstance } from "../world";
import type { Answer } from "./action";

/** The whole answer that the world holds for an action; beyond the first page it has no records left. */
export function cannedAnswer(instance: WorldInstance, action: string, page: Page, world: World): Answer | undefined {
  const answer = instance.cannedAnswers?.[action];
  if (answer === undefined || page.number === 1) {
    return answer;
  }
  return { ...answer, PageNumber: page.number, Items: itemsOf([], world) };
}
