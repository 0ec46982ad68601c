/// Colours that people who do not tell red from green tell apart (Okabe and Ito 2008), and that stay
/// apart in grey print.
enum Palette {
  static let ink = "#1a1a1a"
  static let faint = "#5b6470"
  static let rule = "#d4d9df"
  static let blue = "#0072b2"
  static let sky = "#7fbbe0"
  static let orange = "#d55e00"
  static let yellow = "#e6a800"
  static let green = "#00795a"
  static let grey = "#9aa3ad"
  static let categories = [
    "#0072b2", "#d55e00", "#00795a", "#cc79a7", "#e6a800", "#56b4e9", "#6b4c9a", "#8c6d46",
  ]

  /// From nearly white at 0 to dark blue at 1.
  static func shade(_ share: Double) -> String {
    let stops: [(Double, Double, Double)] = [
      (244, 248, 252), (198, 219, 239), (107, 174, 214), (33, 113, 181), (8, 48, 107),
    ]
    let place = min(max(share.isFinite ? share : 0, 0), 1) * Double(stops.count - 1)
    let low = min(Int(place), stops.count - 2)
    let part = place - Double(low)
    func mixed(_ a: Double, _ b: Double) -> String {
      let text = String(Int((a + (b - a) * part).rounded()), radix: 16)
      return text.count < 2 ? "0" + text : text
    }
    let (a, b) = (stops[low], stops[low + 1])
    return "#" + mixed(a.0, b.0) + mixed(a.1, b.1) + mixed(a.2, b.2)
  }

  /// Of text on a shade, with a contrast of at least 4.5.
  static func inkOn(_ share: Double) -> String { share > 0.58 ? "#ffffff" : ink }
}
