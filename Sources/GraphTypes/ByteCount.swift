/// Numbers of bytes for people.
package enum ByteCount {
  /// `512 B`, `1.5 KB`, `20 MB`: in units of 1,024.
  package static func text(_ count: Int) -> String {
    if count < 1024 { return "\(count) B" }
    var value = Double(count) / 1024
    var unit = "KB"
    for next in ["MB", "GB", "TB", "PB"] where value >= 1024 {
      value /= 1024
      unit = next
    }
    let tenths = Int((value * 10).rounded())
    return value < 10 ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(Int(value.rounded())) \(unit)"
  }
}
