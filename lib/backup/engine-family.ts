/** Engines by the names that the RDS console and the Terraform provider use. */
export enum EngineFamily {
  MYSQL = "MySQL",
  SQL_SERVER = "SQLServer",
  POSTGRESQL = "PostgreSQL",
}

const families: readonly (readonly [spelling: RegExp, family: EngineFamily])[] = [
  [/^mysql$/i, EngineFamily.MYSQL],
  [/^(mssql|sqlserver|sql server)$/i, EngineFamily.SQL_SERVER],
  [/^(pgsql|postgresql|postgres)$/i, EngineFamily.POSTGRESQL],
];

/** The family of an engine, however an answer spells it; undefined where the name is absent or new. */
export function engineFamilyOf(engine: string | undefined): EngineFamily | undefined {
  return families.find(([spelling]) => spelling.test(engine ?? ""))?.[1];
}
