/// The procedures that every database has.
enum BuiltInProcedures {
  static func all(database: Database) -> [Procedure] {
    CatalogueProcedures.all + SchemaProcedures.all + FullTextProcedures.all + GraphProcedures.all
      + AlgorithmProcedures.all(PageRankAdapter())
      + AlgorithmProcedures.all(WCCAdapter()) + AlgorithmProcedures.all(LouvainAdapter())
      + AlgorithmProcedures.all(NodeSimilarityAdapter())
  }
}
