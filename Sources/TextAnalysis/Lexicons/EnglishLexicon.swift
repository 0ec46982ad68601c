/// English words of praise and blame; see `RussianLexicon`.
enum EnglishLexicon {
  static let entries: [(strength: Float, words: String)] = [
    (
      3,
      """
      amazing awesome excellent exceptional fabulous fantastic flawless gorgeous incredible
      magnificent marvelous outstanding perfect perfection phenomenal spectacular splendid
      stunning superb terrific wonderful adore adored love loved loves best obsessed thrilled
      delighted impeccable divine heavenly exquisite brilliant
      """
    ),
    (
      2,
      """
      good great nice well happy glad pleased satisfied enjoy enjoyed enjoyable recommend
      recommended recommending favorite favourite beautiful beautifully pretty lovely cute
      adorable elegant chic stylish classy flattering flatters comfortable comfy cozy cosy soft
      softest smooth warm fresh tasty delicious yummy fragrant sturdy durable solid reliable
      robust strong quality premium luxurious luxury worth bargain affordable inexpensive
      cheaper deal discount generous fast quick quickly prompt promptly speedy timely helpful
      friendly polite courteous kind professional attentive responsive efficient knowledgeable
      caring easy easily simple convenient handy practical useful versatile functional effective
      works accurate accurately true fits compliments compliment complimented impressed
      impressive exceeded pleasant pleasantly pleasure thank thanks grateful appreciate
      appreciated bonus plus advantage clean neat tidy safe secure safely intact sharp vibrant
      rich bright lightweight breathable gentle charming delightful fun smile fancy trendy
      fashionable unique special treat win winner hit cool fine smart genuine authentic
      honest trustworthy dependable consistent superior improved improvement ideal suitable
      successful success satisfying rave excited exciting blessed joy joyful
      """
    ),
    (
      1,
      """
      okay ok decent acceptable adequate fair reasonable reasonably alright usable interesting
      different casual new modern classic stretchy stretch drapes roomy spacious compact portable
      quiet stable sweet crisp light natural original organic thick sufficient enough
      expected fitting fitted flowy forgiving hopeful plenty bonus
      """
    ),
    (
      -1,
      """
      average mediocre meh plain boring bland dull odd weird strange awkward confusing
      complicated difficult hard tight snug loose baggy boxy short shorter long small smaller tiny
      huge large oversized thin thinner sheer itchy scratchy rough stiff heavy bulky
      slippery sticky greasy dry dryer faded pale dark wrinkled wrinkles wrinkly wrinkle noisy loud
      squeaky wobbly slow slowly late delay delayed wait waited waiting expensive pricey costly
      overpriced issue issues complaint complain con cons downside drawback however sadly
      unfortunately unlucky unsure hesitant doubt doubtful concern concerned missing lacks lacking
      incomplete misleading inaccurate different wrong mismatched uneven crooked loose dirty
      dusty stain stained scratched dent dented flimsy cheaply weak fragile brittle fades faded
      pilling pills pilled pill shrank shrunk shrink snag snagged unravel unraveled frayed fray
      leak leaks leaking leaked drips lags laggy crash crashes freezes overheats unflattering
      shapeless matronly frumpy costume sack tent maternity annoying annoyed irritating tired
      less underwhelming underwhelmed unimpressed overhyped gimmick
      """
    ),
    (
      -2,
      """
      bad badly poor poorly worse disappointed disappointing disappointment disappoint dissatisfied
      unhappy upset upsetting sad angry frustrated frustrating frustration regret regretted return
      returned returning returns refund refunded exchange broken broke breaks break 
      defective defect defects faulty fault flaw flaws flawed damaged damage torn tore ripped rip
      rips hole holes cracked crack shattered smashed ruined ruin spoiled expired mold moldy rotten
      stale stinks stink stinky smelly smells reeks stench nasty gross yuck ugly hideous hate hated
      dislike disliked useless worthless pointless junk crap crappy garbage trash rubbish waste
      wasted fake counterfeit knockoff imitation lie lied lies lying liar dishonest cheated cheat
      deceptive rude impolite unprofessional incompetent unhelpful ignored ignore ignoring careless
      unresponsive unacceptable unreliable unsafe dangerous hazard pain painful hurt hurts rash
      allergic allergy burn burned sick nausea problem problems trouble failure failed fails fail
      error mistake mess messy inferior lousy subpar uncomfortable unusable inedible tasteless
      lost rejected refuse refused refusing cancelled nightmare stopped died dead
      malfunction malfunctioned unwearable
      """
    ),
    (
      -3,
      """
      terrible horrible awful dreadful atrocious appalling abysmal disgusting disgrace disgraceful
      pathetic worst scam scammed scammers fraud fraudulent thieves thief stole stolen ripoff
      horrendous horrific vile revolting outrageous unbearable
      """
    ),
  ]

  static let phrases: [(strength: Float, phrases: [String])] = [
    (3, ["could not be happier", "blown away", "second to none", "above and beyond"]),
    (
      2,
      [
        "true to size", "no problems", "no issues", "no complaints", "well made", "on time",
        "as described", "as pictured", "worth the money", "worth every penny", "value for money",
        "works great", "highly recommend", "fits well", "cannot go wrong", "can't go wrong",
        "would buy again", "five stars",
      ]
    ),
    (
      -1,
      [
        "nothing special", "not great", "not sure", "expected more", "wanted to love", "wish it",
        "runs small", "runs large", "could be better", "three stars", "one size",
      ]
    ),
    (
      -2,
      [
        "waste of money", "fell apart", "falls apart", "fall apart", "stopped working",
        "did not work", "didn't work", "does not work", "doesn't work", "went back", "going back",
        "sent back", "send it back", "sending it back", "do not buy", "don't buy", "not worth",
        "never again", "see through", "poor quality", "cheap looking", "looks cheap",
        "never arrived",
        "money back", "one star", "stay away",
      ]
    ),
  ]
}
