extension Procedure {
  /// A procedure that answers from a table: a call gives the outputs of the rows whose inputs equal
  /// the arguments.
  ///
  /// - Parameters:
  ///   - signature: `name(input :: TYPE?, …) :: (output :: TYPE?, …)`, as the openCypher TCK has it.
  ///   - rows: the values of the inputs, then of the outputs.
  /// - Throws: `QueryError` for a signature that cannot be read or rows that do not fit it.
  public init(signature: String, rows: [[Value]]) throws(QueryError) {
    func malformed() -> QueryError {
      QueryError(
        .procedureError, "InvalidSignature", "cannot read the signature `\(signature)`",
        hint: "it looks like `shop.city(name :: STRING?) :: (city :: STRING?)`")
    }
    func fields(_ text: Substring) throws(QueryError) -> [Field] {
      var fields: [Field] = []
      for part in text.split(separator: ",") {
        let words = part.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count >= 3, words[1] == "::" else { throw malformed() }
        fields.append(Field(String(words[0]), words[2...].joined(separator: " ")))
      }
      return fields
    }
    guard let open = signature.firstIndex(of: "("), let close = signature.firstIndex(of: ")"),
      open < close
    else { throw malformed() }
    let name = signature[..<open].filter { $0 != " " }
    let inputs = try fields(signature[signature.index(after: open)..<close])
    let rest = signature[signature.index(after: close)...]
    var outputs: [Field] = []
    if let open = rest.firstIndex(of: "("), let close = rest.lastIndex(of: ")"), open < close {
      outputs = try fields(rest[rest.index(after: open)..<close])
    } else if rest.contains(where: { $0 != " " && $0 != ":" }) && !rest.contains("VOID") {
      throw malformed()
    }
    let width = inputs.count + outputs.count
    if let bad = rows.firstIndex(where: { $0.count != width }) {
      throw QueryError(
        .procedureError, "InvalidSignature",
        "row \(bad + 1) of `\(name)` has \(rows[bad].count) values, not \(width)")
    }
    let inputCount = inputs.count
    let hasOutputs = !outputs.isEmpty
    self.init(
      name, inputs: inputs, outputs: outputs, summary: "Answers from a table of \(rows.count) rows."
    ) { call in
      for row in rows where row[..<inputCount].elementsEqual(call.arguments) && hasOutputs {
        try call.emit(Array(row[inputCount...]))
      }
    }
  }
}
