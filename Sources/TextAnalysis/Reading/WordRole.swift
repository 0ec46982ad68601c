/// What a word does to the words around it.
struct WordRole: OptionSet, Sendable {
  let rawValue: UInt8
  /// Turns the meaning of the next words: «не», «without».
  static let negator = WordRole(rawValue: 1)
  /// «очень», "really".
  static let intensifier = WordRole(rawValue: 2)
  /// «немного», "slightly".
  static let diminisher = WordRole(rawValue: 4)
  /// Begins a clause that stands against the one before: «но», "however".
  static let adversative = WordRole(rawValue: 8)
  /// «если бы», "if", «хотелось бы»: what follows is wished for, not said of the thing.
  static let hypothetical = WordRole(rawValue: 16)

  /// Takes a negation back: «не только».
  static let only = WordRole(rawValue: 32)

  /// The words as texts have them, folded.
  private static let lists: [(WordRole, String)] = [
    (
      .negator,
      """
      не ни нет нету без никак нисколько ничуть вряд едва никогда нельзя неа
      not no never none nothing neither nor without cannot cant dont doesnt didnt isnt arent wasnt
      werent wont wouldnt shouldnt couldnt hasnt havent hadnt aint hardly barely lacks lacking
      """
    ),
    (
      .intensifier,
      """
      очень сильно крайне весьма слишком чрезвычайно невероятно безумно ужасно жутко дико капец
      совсем совершенно абсолютно полностью просто прям прямо реально действительно настолько
      максимально самый самая самое самые супер мега гипер вообще особенно исключительно
      very really extremely absolutely totally completely so too super highly incredibly
      insanely truly definitely especially most utterly
      """
    ),
    (
      .diminisher,
      """
      немного чуть слегка немножко чуточку довольно достаточно относительно более менее почти
      местами иногда несколько
      slightly somewhat bit little rather fairly kinda sort almost mildly partly
      """
    ),
    (
      .adversative,
      """
      но однако зато хотя впрочем правда
      but however although though except unfortunately
      """
    ),
    (.only, "только only"),
    (.hypothetical, "бы если хотелось if would could should wish"),
  ]

  /// Roles by the words' hashes.
  static let words: [UInt64: WordRole] = {
    var words: [UInt64: WordRole] = [:]
    for (role, list) in lists {
      for word in list.split(whereSeparator: \.isWhitespace) {
        let characters = word.unicodeScalars.map(\.value)
        let hash = characters.withUnsafeBufferPointer { buffer in
          buffer.baseAddress.map { Fingerprint.of($0, 0..<buffer.count) } ?? 0
        }
        words[hash, default: []].formUnion(role)
      }
    }
    return words
  }()
}
