import type { Parameters } from "../parameters";
import { engineOf } from "../restorability";
import { refusal } from "../rpc-error";
import type { Action } from "./action";
import { checkStorage } from "./check-create-ddr-db-instance";

/** What the China site sells, and how it is paid for; the simulator has no account of the international site. */
const commodities: Readonly<Record<string, string>> = { rds: "Prepaid", bards: "Postpaid" };

const hoursIn: Readonly<Record<string, number>> = { Month: 720, Year: 8640 };

/** What an instance costs: invented, but the same for the same request. */
export const describePrice: Action = (parameters, view) => {
  view.region(parameters);
  parameters.required("EngineVersion");
  parameters.required("DBInstanceClass");
  parameters.required("DBInstanceStorage");
  checkStorage(parameters);
  parameters.required("Quantity");
  if (engineOf(parameters.required("Engine")) === undefined) {
    throw refusal("InvalidDBInstanceEngineType.Format", "Engine");
  }
  const commodity = parameters.optional("CommodityCode") ?? "rds";
  const payType = commodities[commodity];
  if (payType === undefined || (parameters.optional("PayType") ?? payType) !== payType) {
    throw refusal("InvalidParameters.Format", "CommodityCode");
  }
  if ((parameters.optional("OrderType") ?? "BUY") !== "BUY") {
    throw refusal("InvalidParameters.Format", "OrderType");
  }
  const perHour = 1.2 + 0.0014 * Number(parameters.required("DBInstanceStorage"));
  const price = Math.round(100 * perHour * (payType === "Prepaid" ? hoursOf(parameters) : 1)) / 100;
  return { PriceInfo: { Currency: "CNY", DiscountPrice: 0, OriginalPrice: price, TradePrice: price } };
};

function hoursOf(parameters: Parameters): number {
  const hours = hoursIn[parameters.required("TimeType")];
  if (hours === undefined) {
    throw refusal("InvalidParameters.Format", "TimeType");
  }
  return hours * Number(parameters.optionalInteger("UsedTime", 1) ?? 1);
}
