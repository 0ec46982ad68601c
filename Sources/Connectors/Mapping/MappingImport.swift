struct MappingImport {
  init(_ run: ImportRun, file: String) throws {}
  func importAll() throws {}
}
