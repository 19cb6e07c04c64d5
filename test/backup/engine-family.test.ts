import { EngineFamily, engineFamilyOf } from "../../lib/backup/engine-family";

describe("the family of an engine", () => {
  test.each([
    ["mysql", EngineFamily.MYSQL],
    ["MySQL", EngineFamily.MYSQL],
    ["mssql", EngineFamily.SQL_SERVER],
    ["SQLServer", EngineFamily.SQL_SERVER],
    ["SQL Server", EngineFamily.SQL_SERVER],
    ["pgsql", EngineFamily.POSTGRESQL],
    ["PostgreSQL", EngineFamily.POSTGRESQL],
    ["postgres", EngineFamily.POSTGRESQL],
  ])("of %j is %s", (engine, family) => {
    expect(engineFamilyOf(engine)).toBe(family);
  });

  test.each(["MariaDB", "mysql8", "xmssql", "", undefined])("of %j is not known", (engine) => {
    expect(engineFamilyOf(engine)).toBeUndefined();
  });
});
