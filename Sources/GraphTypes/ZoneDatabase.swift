import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The machine's time zone database: TZif files under `$TZDIR`, else in one of the usual folders.
/// Each zone is read once; any number of threads may ask.
public enum ZoneDatabase {
  private static let cache = Mutex<[String: ZoneRules]>([:])

  private static let folders: [String] = {
    if let folder = getenv("TZDIR") { return [String(cString: folder)] }
    return ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/var/db/timezone/zoneinfo"]
  }()

  /// The rules of an IANA zone such as `Europe/Moscow`; a space may stand for an underscore.
  /// - Throws: `ArgumentError` when the database lacks the zone or its file is damaged.
  public static func rules(named name: String) throws(QueryError) -> ZoneRules {
    if let known = cache.withLock({ $0[name] }) { return known }
    let canonical = String(name.map { $0 == " " ? "_" : $0 })
    // Two threads may read the same file at first; they arrive at the same rules.
    let rules = try load(canonical)
    cache.withLock { $0[name] = rules }
    return rules
  }

  private static func load(_ name: String) throws(QueryError) -> ZoneRules {
    if isPlausible(name) {
      // The twin's file is tried first: see `mergedZones`.
      for fileName in [twins[name], name] {
        guard let fileName, let bytes = contents(of: fileName) else { continue }
        guard let file = ZoneFile(bytes) else {
          throw TemporalError.invalid("the time zone file of '\(fileName)' is damaged")
        }
        return ZoneRules(
          name: name, initialOffset: file.initialOffset, transitions: file.transitions,
          future: file.future)
      }
      // These mean the same on machines without a database.
      if ["UTC", "GMT", "Etc/UTC", "Etc/GMT"].contains(name) {
        return ZoneRules(name: name, initialOffset: 0, transitions: [], future: nil)
      }
    }
    throw unknown(name)
  }

  private static func unknown(_ name: String) -> QueryError {
    let hint: String
    if let nearest = NameSuggestion.nearest(to: name, among: listedNames()) {
      hint = "did you mean '\(nearest)'?"
    } else {
      hint =
        "use an offset such as '+03:00' or a name of the IANA database such as "
        + "'Europe/Moscow' (looked in \(folders.joined(separator: ", ")))"
    }
    return TemporalError.invalid("there is no time zone named '\(name)'", hint: hint)
  }

  /// Zone names never leave the folder: letters, digits, `_`, `-`, `+`, and single slashes between.
  private static func isPlausible(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64
      && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy { byte in
            ASCII.digit(byte) != nil || ASCII.isLetter(byte) || "_-+".utf8.contains(byte)
          }
      }
  }

  /// The names in the database's own list, for suggestions only.
  private static func listedNames() -> [String] {
    guard let bytes = contents(of: "tzdata.zi") ?? contents(of: "zone.tab") else { return [] }
    var names: [String] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      guard fields.count >= 3, line.first != UInt8(ascii: "#") else { continue }
      // `Z name ...` and `L target name` in tzdata.zi; country, coordinates, name in zone.tab.
      let isZone = fields[0].elementsEqual("Z".utf8)
      names.append(String(decoding: fields[isZone ? 1 : 2], as: UTF8.self))
    }
    return names
  }

  private static func contents(of name: String) -> [UInt8]? {
    for folder in folders {
      if let bytes = readFile(folder + "/" + name) { return bytes }
    }
    return nil
  }

  private static func readFile(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { break }
      bytes += block[..<count]
    }
    // A folder opens but cannot be read.
    return ferror(file) == 0 && !bytes.isEmpty ? bytes : nil
  }

  /// Zones that IANA has merged with one that agrees since 1970: `kept: merged ...`.
  ///
  /// Some systems (Debian) compile the merged zones with their own, often doubtful, history before
  /// 1970 from the file `backzone`; IANA's default, java.time and macOS do not. Reading the kept
  /// zone gives a value the same offset on every machine. Taken from tzdata 2026f, without the
  /// legacy abbreviations such as `EST`.
  private static let mergedZones = """
    Africa/Abidjan: Africa/Accra Africa/Bamako Africa/Banjul Africa/Conakry Africa/Dakar
      Africa/Freetown Africa/Lome Africa/Nouakchott Africa/Ouagadougou Atlantic/Reykjavik
      Atlantic/St_Helena
    Africa/Johannesburg: Africa/Maseru Africa/Mbabane
    Africa/Lagos: Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Libreville
      Africa/Luanda Africa/Malabo Africa/Niamey Africa/Porto-Novo
    Africa/Maputo: Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Kigali
      Africa/Lubumbashi Africa/Lusaka
    Africa/Nairobi: Africa/Addis_Ababa Africa/Asmara Africa/Dar_es_Salaam Africa/Djibouti
      Africa/Kampala Africa/Mogadishu Indian/Antananarivo Indian/Comoro Indian/Mayotte
    America/Panama: America/Atikokan America/Cayman
    America/Phoenix: America/Creston
    America/Puerto_Rico: America/Anguilla America/Antigua America/Aruba America/Blanc-Sablon
      America/Curacao America/Dominica America/Grenada America/Guadeloupe America/Montserrat
      America/Port_of_Spain America/St_Kitts America/St_Lucia America/St_Thomas America/St_Vincent
      America/Tortola
    America/Toronto: America/Nassau
    Asia/Bangkok: Asia/Phnom_Penh Asia/Vientiane Indian/Christmas
    Asia/Dubai: Asia/Muscat Indian/Mahe Indian/Reunion
    Asia/Kuching: Asia/Brunei
    Asia/Qatar: Asia/Bahrain
    Asia/Riyadh: Antarctica/Syowa Asia/Aden Asia/Kuwait
    Asia/Singapore: Asia/Kuala_Lumpur
    Asia/Yangon: Indian/Cocos
    Europe/Belgrade: Europe/Ljubljana Europe/Sarajevo Europe/Skopje Europe/Zagreb
    Europe/Berlin: Europe/Copenhagen Europe/Oslo Europe/Stockholm
    Europe/Brussels: Europe/Amsterdam Europe/Luxembourg
    Europe/London: Europe/Guernsey Europe/Isle_of_Man Europe/Jersey
    Europe/Paris: Europe/Monaco
    Europe/Zurich: Europe/Vaduz
    Indian/Maldives: Indian/Kerguelen
    Pacific/Auckland: Antarctica/McMurdo
    Pacific/Guadalcanal: Pacific/Pohnpei
    Pacific/Guam: Pacific/Saipan
    Pacific/Pago_Pago: Pacific/Midway
    Pacific/Port_Moresby: Antarctica/DumontDUrville Pacific/Chuuk
    Pacific/Tarawa: Pacific/Funafuti Pacific/Majuro Pacific/Wake Pacific/Wallis
    """

  private static let twins: [String: String] = {
    var twins: [String: String] = [:]
    var kept = ""
    for word in mergedZones.split(whereSeparator: { $0.isWhitespace }) {
      if word.hasSuffix(":") { kept = String(word.dropLast()) } else { twins[String(word)] = kept }
    }
    return twins
  }()
}
