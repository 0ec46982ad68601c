import Foundation

/// The bad rows of one input file: its header, its rows as they came, and a last column with the
/// reason. Written as UTF-8, made with the first bad row.
final class RejectFile {
  let path: String
  private let header: [UInt8]?
  private let format: TextFormat
  private var handle: FileHandle?

  init(path: String, header: [UInt8]?, format: TextFormat) {
    self.path = path
    self.header = header
    self.format = format
  }

  private var delimiter: String {
    if case .byte(let byte) = format.delimiter { return String(UnicodeScalar(byte)) }
    return " "
  }

  func write(_ record: [UInt8], reason: String) throws(ImportError) {
    var data = Data()
    if handle == nil {
      let folder = (path as NSString).deletingLastPathComponent
      if !folder.isEmpty {
        try? FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      }
      guard FileManager.default.createFile(atPath: path, contents: nil),
        let file = FileHandle(forWritingAtPath: path)
      else {
        throw ImportError("the file for rejected rows cannot be written", file: path)
      }
      handle = file
      if let header {
        data.append(contentsOf: header)
        data.append(Data("\(delimiter)reason\n".utf8))
      }
    }
    data.append(contentsOf: record)
    data.append(Data("\(delimiter)\(RecordFields.written(reason, format: format))\n".utf8))
    do { try handle?.write(contentsOf: data) } catch {
      throw ImportError("cannot be written: \(error.localizedDescription)", file: path)
    }
  }

  func close() { try? handle?.close() }
}
