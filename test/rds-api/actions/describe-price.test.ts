import { describePrice, type DescribePriceRequest } from "../../../lib/rds-api/actions/describe-price";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import { InvalidRequestError } from "../../../lib/validation/checks";
import { FakeTransport } from "../fake-transport";
import { connect, errorOf } from "../simulated";

const request: DescribePriceRequest = {
  regionId: "cn-zhangjiakou",
  engine: "PostgreSQL",
  engineVersion: "15.0",
  dbInstanceClass: "pg.n2.2c.1m",
  dbInstanceStorage: 100,
  dbInstanceStorageType: "cloud_essd",
  zoneId: "cn-zhangjiakou-a",
  payment: { payType: "Postpaid" },
};

describe("DescribePrice", () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.stop());

  const ask = async (change: Partial<DescribePriceRequest> = {}): ReturnType<typeof describePrice> => {
    const client = connect(simulator);
    return describePrice(client, { ...request, ...change }).finally(() => {
      client.close();
    });
  };

  test("asks what a new instance costs", async () => {
    expect(await ask()).toEqual({ tradePrice: 1.34, originalPrice: 1.34, currency: "CNY" });
    expect(simulator.requests.map(({ parameters }) => parameters)).toEqual([
      {
        RegionId: "cn-zhangjiakou",
        CommodityCode: "bards",
        OrderType: "BUY",
        Quantity: "1",
        Engine: "PostgreSQL",
        EngineVersion: "15.0",
        DBInstanceClass: "pg.n2.2c.1m",
        DBInstanceStorage: "100",
        DBInstanceStorageType: "cloud_essd",
        ZoneId: "cn-zhangjiakou-a",
        PayType: "Postpaid",
      },
    ]);
  });

  test("asks for the whole time of a subscription", async () => {
    expect(await ask({ payment: { payType: "Prepaid", period: "Month", usedTime: 2 } })).toMatchObject({
      tradePrice: 1929.6,
    });
  });

  test("asks again with the word of the international site", async () => {
    const transport = new FakeTransport(({ action, parameters: { CommodityCode: code } }) => {
      if (code !== "bards_intl") {
        throw new RdsApiError({ action, code: "InvalidCommodity", reason: "no such code", httpStatus: 400 });
      }
      return { PriceInfo: { TradePrice: "0.21", Currency: "USD" } };
    });

    expect(await describePrice(transport.client(), request)).toEqual({ tradePrice: 0.21, currency: "USD" });
  });

  test("asks once if it is denied", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED });

    expect((await errorOf(ask(), RdsApiError)).kind).toBe("access");
    expect(simulator.requests).toHaveLength(1);
  });

  test.each([[{}], [{ PriceInfo: { TradePrice: "much" } }], [{ PriceInfo: { TradePrice: -1 } }]])(
    "takes no answer without a price: %j",
    async (answer) => {
      const transport = new FakeTransport(() => answer);

      const error = await errorOf(describePrice(transport.client({ deadlineMs: 200 }), request), RdsApiError);
      expect(error.code).toBe("InvalidResponse");
    },
  );

  test.each([
    ["regionId", { regionId: "here" }],
    ["engine", { engine: "" }],
    ["engineVersion", { engineVersion: "" }],
    ["dbInstanceClass", { dbInstanceClass: "" }],
    ["dbInstanceStorage", { dbInstanceStorage: 7 }],
    ["dbInstanceStorageType", { dbInstanceStorageType: "ecs" }],
  ])("refuses a wrong %s before it sends anything", async (parameter, change) => {
    expect((await errorOf(ask(change), InvalidRequestError)).parameter).toBe(parameter);
  });
});
