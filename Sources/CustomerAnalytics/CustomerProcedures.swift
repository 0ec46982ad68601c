public import Tropa

/// The procedures `crm.*`: from footprints to segments. They use only what any host application of
/// the engine may use.
public enum CustomerProcedures {
  public static let all: [Procedure] =
    SchemaMappingProcedures.all + IdentityProcedures.all + FeatureProcedures.all
    + RFMProcedures.all + SegmentProcedures.all + ChurnProcedures.all + ValueProcedures.all
    + CohortProcedures.all + SentimentProcedures.all + TriggerProcedures.all
    + SegmentEffectProcedure.all + ExperimentProcedures.all
  public static let functions: [Function] = IdentityFunctions.all

  /// Makes them callable in a database.
  public static func register(in database: Database) throws(QueryError) {
    for procedure in all { try database.register(procedure) }
    for function in functions { try database.register(function) }
  }
}
