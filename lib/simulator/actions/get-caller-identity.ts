import type { Action } from "./action";

/** Who calls: an action of the token service, of version 2015-04-01. */
export const getCallerIdentity: Action = (_, view) => {
  const { accountId = "1234567890123456" } = view.world;
  return {
    AccountId: accountId,
    Arn: `acs:ram::${accountId}:user/simulator`,
    IdentityType: "RAMUser",
    PrincipalId: "216959339000654321",
    UserId: "216959339000654321",
  };
};
