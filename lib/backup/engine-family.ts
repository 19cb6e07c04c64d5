/** Engines by the names that the RDS console and the Terraform provider use. */
export enum EngineFamily {
  MYSQL = "MySQL",
  SQL_SERVER = "SQLServer",
  POSTGRESQL = "PostgreSQL",
}

/** How answers spell the engines, in lower case. */
export const engineSpellings: Readonly<Record<string, EngineFamily>> = {
  mysql: EngineFamily.MYSQL,
  mssql: EngineFamily.SQL_SERVER,
  sqlserver: EngineFamily.SQL_SERVER,
  "sql server": EngineFamily.SQL_SERVER,
  pgsql: EngineFamily.POSTGRESQL,
  postgresql: EngineFamily.POSTGRESQL,
  postgres: EngineFamily.POSTGRESQL,
};

/** The family of an engine, however an answer spells it; undefined if the name is absent or new. */
export function engineFamilyOf(engine = ""): EngineFamily | undefined {
  const spelling = engine.toLowerCase();
  return Object.hasOwn(engineSpellings, spelling) ? engineSpellings[spelling] : undefined;
}
