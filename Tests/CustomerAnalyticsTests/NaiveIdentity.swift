/// The rules of the article Identity.md written down once more, slowly: sets of sets, and every
/// question asked of all records.
enum NaiveIdentity {
  struct Record {
    var crmId: Int?
    var login: Int?
    var phones: Set<Int> = []
    var clientIds: Set<Int> = []
  }

  /// Persons as sets of positions.
  static func persons(_ records: [Record], maximum: Int) -> [Set<Int>] {
    let all = Set(records.indices)
    // 1. Identifiers.
    let profiles = closure(all) { a, b in
      same(records[a].crmId, records[b].crmId) || same(records[a].login, records[b].login)
    }
    // 2. Contacts.
    let phones = Set(records.flatMap(\.phones)).filter { phone in
      profiles.count { $0.contains { records[$0].phones.contains(phone) } } <= maximum
    }
    let known = closure(all) { a, b in
      profiles.contains { $0.contains(a) && $0.contains(b) }
        || !records[a].phones.intersection(records[b].phones).isDisjoint(with: phones)
    }
    func isIdentified(_ record: Int) -> Bool {
      let it = records[record]
      return it.crmId != nil || it.login != nil || !it.phones.isDisjoint(with: phones)
    }
    let people = known.filter { $0.contains(where: isIdentified) }
    func holders(_ client: Int) -> [Set<Int>] {
      people.filter { $0.contains { isIdentified($0) && records[$0].clientIds.contains(client) } }
    }
    // 3. ClientIDs.
    func contradict(_ sets: [Set<Int>]) -> Bool {
      sets.count { $0.contains { records[$0].crmId != nil } } > 1
        || sets.count { $0.contains { records[$0].login != nil } } > 1
    }
    let clients = Set(records.flatMap(\.clientIds))
    var joining = clients.filter { client in
      let sets = holders(client)
      return sets.count <= 1 || sets.count <= maximum && !contradict(sets)
    }
    let chains = closure(Set(people.indices)) { a, b in
      joining.contains { client in
        let sets = holders(client)
        return sets.contains(people[a]) && sets.contains(people[b])
      }
    }
    for chain in chains where contradict(chain.map { people[$0] }) {
      let parts = chain.map { people[$0] }
      joining = joining.filter { client in
        let sets = holders(client)
        return sets.count <= 1 || !sets.contains { parts.contains($0) }
      }
    }
    var persons = closure(Set(people.indices)) { a, b in
      joining.contains { client in
        let sets = holders(client)
        return sets.contains(people[a]) && sets.contains(people[b])
      }
    }.map { $0.reduce(into: Set<Int>()) { $0.formUnion(people[$1]) } }
    // 4. Anonymous records.
    var browsers: [Int: Set<Int>] = [:]
    var attached: [Int: Set<Int>] = [:]
    for record in records.indices where !isIdentified(record) {
      let targets = persons.indices.filter { person in
        records[record].clientIds.contains { client in
          joining.contains(client)
            && holders(client).contains { !$0.isDisjoint(with: persons[person]) }
        }
      }
      if targets.count == 1 {
        attached[targets[0], default: []].insert(record)
      } else if targets.isEmpty, records[record].clientIds.count == 1,
        let client = records[record].clientIds.first
      {
        browsers[client, default: []].insert(record)
      } else {
        browsers[-1 - record] = [record]
      }
    }
    for (person, visits) in attached { persons[person].formUnion(visits) }
    return persons + browsers.values
  }

  private static func same(_ a: Int?, _ b: Int?) -> Bool { a != nil && a == b }

  /// Classes of the transitive closure of a relation.
  private static func closure(_ items: Set<Int>, _ related: (Int, Int) -> Bool) -> [Set<Int>] {
    var left = items
    var classes: [Set<Int>] = []
    while let first = left.popFirst() {
      var members: Set<Int> = [first]
      var queue = [first]
      while let item = queue.popLast() {
        for other in left where related(item, other) || related(other, item) {
          left.remove(other)
          members.insert(other)
          queue.append(other)
        }
      }
      classes.append(members)
    }
    return classes
  }
}
