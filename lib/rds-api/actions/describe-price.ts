import { optional } from "../../backup/json-object";
import { Row } from "../../backup/row";
import { checkInstanceClass, checkRegionId, checkText } from "../../validation/checks";
import { ErrorKind } from "../errors/error-kind";
import { RdsApiError } from "../errors/rds-api-error";
import type { RdsClient, RpcAnswer } from "../rds-client";
import { checkStorageGb, checkStorageType } from "./check-create-ddr-db-instance";
import type { CreateDdrInstanceRequest } from "./create-ddr-instance";

/** The instance whose price is asked for. */
export type DescribePriceRequest = Pick<
  CreateDdrInstanceRequest,
  | "regionId"
  | "engine"
  | "engineVersion"
  | "dbInstanceClass"
  | "dbInstanceStorage"
  | "dbInstanceStorageType"
  | "zoneId"
  | "payment"
>;

/** A price: for pay-as-you-go that of an hour, for a subscription that of its whole time. */
export interface Price {
  /** What is paid, after every discount. */
  readonly tradePrice: number;
  readonly originalPrice?: number;
  /** Such as `CNY` or `USD`. */
  readonly currency?: string;
}

const action = "DescribePrice";

/**
 * What an instance costs if it is created now. One request, or two: no API says on which site of Alibaba Cloud an
 * account is, and each site has its own names for what it sells.
 *
 * @param client of the endpoint that serves the region of the new instance
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError also if the caller may not ask
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describeprice
 */
export async function describePrice(client: RdsClient, request: DescribePriceRequest): Promise<Price> {
  checkRegionId("regionId", request.regionId);
  checkText("engine", request.engine, 'the engine, such as "MySQL"');
  checkText("engineVersion", request.engineVersion, 'the version of the engine, such as "8.0"');
  checkInstanceClass("dbInstanceClass", request.dbInstanceClass);
  checkStorageGb("dbInstanceStorage", request.dbInstanceStorage);
  checkStorageType("dbInstanceStorageType", request.dbInstanceStorageType);
  const commodity = request.payment.payType === "Prepaid" ? "rds" : "bards";
  try {
    return await priceOf(client, request, commodity);
  } catch (error) {
    if (error instanceof RdsApiError && isOfOtherSite(error)) {
      return priceOf(client, request, `${commodity}_intl`);
    }
    throw error;
  }
}

function isOfOtherSite({ kind }: RdsApiError): boolean {
  return kind === ErrorKind.MISUSE || kind === ErrorKind.UNSUPPORTED;
}

function priceOf(client: RdsClient, request: DescribePriceRequest, commodity: string): Promise<Price> {
  const { payment } = request;
  const parameters = {
    RegionId: request.regionId,
    CommodityCode: commodity,
    OrderType: "BUY",
    Quantity: 1,
    Engine: request.engine,
    EngineVersion: request.engineVersion,
    DBInstanceClass: request.dbInstanceClass,
    DBInstanceStorage: request.dbInstanceStorage,
    DBInstanceStorageType: request.dbInstanceStorageType,
    ZoneId: request.zoneId,
    PayType: payment.payType,
    ...(payment.payType === "Prepaid" ? { TimeType: payment.period, UsedTime: payment.usedTime } : {}),
  };
  return client.callAndRead(action, parameters, priceIn);
}

function priceIn(answer: RpcAnswer): Price {
  const row = new Row(answer["PriceInfo"]);
  const tradePrice = amountIn(row, "TradePrice");
  if (tradePrice === undefined) {
    throw new RdsApiError({ action, code: "InvalidResponse", reason: "the answer has no TradePrice" });
  }
  return {
    tradePrice,
    ...optional("originalPrice", amountIn(row, "OriginalPrice")),
    ...optional("currency", row.text("Currency")),
  };
}

function amountIn(row: Row, field: string): number | undefined {
  const text = row.text(field);
  const amount = Number(text);
  return text !== undefined && Number.isFinite(amount) && amount >= 0 ? amount : undefined;
}
