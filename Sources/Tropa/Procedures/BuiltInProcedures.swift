/// The procedures that every database has.
enum BuiltInProcedures {
  static func all(database: Database) -> [Procedure] {
    CatalogueProcedures.all + SchemaProcedures.all + FullTextProcedures.all + GraphProcedures.all
      + GraphAlgorithm.all.flatMap(AlgorithmProcedures.all)
  }
}
