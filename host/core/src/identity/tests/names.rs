use super::*;
use proptest::prelude::*;

fn text(raw: &str) -> String {
    team(raw).to_string()
}

#[test]
fn one_form() {
    for (raw, normal) in [
        ("  Arsenal ", "arsenal"),
        ("ARSENAL F.C.", "arsenal fc"),
        ("A.C. Milan", "ac milan"),
        ("A.C.Milan", "ac milan"),
        ("U.N.A.M. Pumas", "unam pumas"),
        ("St. Pauli", "st pauli"),
        ("Dep.Tachira", "dep tachira"),
        ("Brighton & Hove Albion", "brighton and hove albion"),
        ("Brighton&Hove Albion", "brighton and hove albion"),
        ("M’gladbach", "mgladbach"),
        ("M'gladbach", "mgladbach"),
        ("M´gladbach", "mgladbach"),
        ("Bayern München", "bayern munchen"),
        ("Atle\u{301}tico", "atletico"),
        ("FK Bodø/Glimt", "fk bodo glimt"),
        ("Łódź", "lodz"),
        ("Đurđevac", "durdevac"),
        ("Þór Akureyri", "thor akureyri"),
        ("Großaspach", "grossaspach"),
        ("Næstved", "naestved"),
        ("Başakşehir", "basaksehir"),
        ("İstanbulspor", "istanbulspor"),
        ("Diyarbakır", "diyarbakir"),
        ("ＡＣ　Ｍｉｌａｎ", "ac milan"),
        ("Arse\u{200b}nal\u{feff}", "arsenal"),
        ("Зенит", "зенит"),
        ("Волгарь-Газпром", "волгарь газпром"),
        ("Schalke 04", "schalke 04"),
        // Voicing marks are letters, not accents.
        ("ガンバ大阪", "ガンバ大阪"),
    ] {
        assert_eq!(text(raw), normal, "{raw}");
    }
    assert_ne!(team("カンバ"), team("ガンバ"));
}

#[test]
fn no_word_is_dropped() {
    for (a, b) in [
        ("Manchester United", "Manchester"),
        ("Manchester City", "Manchester"),
        ("Real Madrid", "Madrid"),
        ("FC Barcelona", "Barcelona SC"),
        ("Barcelona", "Barcelona SC"),
        ("Sporting", "Sporting Gijon"),
        ("Inter", "Inter Miami"),
    ] {
        assert_ne!(team(a), team(b));
    }
}

#[test]
fn marks_of_teams() {
    for (raw, normal) in [
        ("Arsenal (W)", "arsenal (women)"),
        ("Arsenal W", "arsenal (women)"),
        ("Arsenal Women", "arsenal (women)"),
        ("Arsenal Ladies FC", "arsenal fc (women)"),
        ("Arsenal WFC", "arsenal (women)"),
        ("VfL Wolfsburg Frauen", "vfl wolfsburg (women)"),
        ("Atlético de Madrid Femenino", "atletico de madrid (women)"),
        ("Olympique Lyonnais Féminin", "olympique lyonnais (women)"),
        ("Corinthians (F)", "corinthians (women)"),
        ("England U21", "england (u21)"),
        ("England U-21", "england (u21)"),
        ("England Under 21", "england (u21)"),
        ("England Under-21s", "england (u21)"),
        ("Brasil Sub-20", "brasil (u20)"),
        ("Ｅｎｇｌａｎｄ Ｕ２１", "england (u21)"),
        ("England U19 (W)", "england (women) (u19)"),
        ("England (W) U19", "england (women) (u19)"),
        ("Inter Primavera", "inter (youth)"),
        ("Flamengo (Y)", "flamengo (youth)"),
        ("Boca Juniors Reserves", "boca juniors (reserves)"),
        ("Boca Juniors (R)", "boca juniors (reserves)"),
        ("Boca Juniors Res.", "boca juniors (reserves)"),
        ("Barcelona B", "barcelona (b)"),
        ("Barcelona (B)", "barcelona (b)"),
        ("Barcelona B (W)", "barcelona (women) (b)"),
        ("Real Sociedad C", "real sociedad (c)"),
        ("Real Madrid Castilla", "real madrid (b)"),
        ("Bayern Munich II", "bayern munich (ii)"),
        ("Krasnodar-2", "krasnodar (ii)"),
        ("Hansa Rostock III", "hansa rostock (iii)"),
        ("Jong Ajax", "ajax (b)"),
        ("Jong Ajax (Youth)", "ajax (youth) (b)"),
    ] {
        assert_eq!(text(raw), normal, "{raw}");
    }
}

#[test]
fn what_looks_like_a_mark_and_is_none() {
    for raw in [
        "Willem II",
        "Juan Pablo II",
        "Boca Juniors",
        "Young Boys",
        "Juventus",
        "Schalke 04",
        "TSV 1860 Munchen",
        "B 93",
        "Ladies",
        "W",
        "U21",
        "Under 21",
        "B",
    ] {
        assert_eq!(team(raw).marks(), Marks::default(), "{raw}");
    }
    assert_eq!(team("Willem II (W)").to_string(), "willem ii (women)");
    assert_eq!(team("B B").to_string(), "b (b)");
    assert_eq!(team("Union U30").marks(), Marks::default());
}

#[test]
fn competitions_have_no_second_team() {
    let competition = |raw| normalise(Kind::Competition, raw).unwrap().to_string();
    assert_eq!(competition("ITALY SERIE B"), "italy serie b");
    assert_eq!(competition("Italy Serie (B)"), "italy serie b");
    assert_eq!(competition("Spain La Liga 2"), "spain la liga 2");
    assert_eq!(competition("England Women's Super League"), "england super league (women)");
    assert_eq!(competition("UEFA Euro U-21 Qualifiers"), "uefa euro qualifiers (u21)");
    assert_eq!(competition("Argentina Reserve League"), "argentina league (reserves)");
}

#[test]
fn runners_keep_every_word() {
    let runner = |raw| normalise(Kind::Runner, raw).unwrap();
    assert_eq!(runner("Ladies First").to_string(), "ladies first");
    assert_ne!(runner("Ladies First"), runner("Women First"));
    assert!(runner("Barcelona B").marks().reserve.is_some());
    assert_eq!(runner("Barcelona (R)"), runner("Barcelona R"));
}

#[test]
fn no_names() {
    for raw in ["", " ", "-", "()", "...", "\u{200b}", "\u{301}", "'"] {
        assert_eq!(normalise(Kind::Team, raw), Err(NameError::Empty), "{raw:?}");
    }
    assert_eq!(normalise(Kind::Team, &"a".repeat(201)), Err(NameError::TooLong));
    assert!(normalise(Kind::Team, &"a".repeat(200)).is_ok());
    // One character that is eighteen in compatibility form.
    assert_eq!(normalise(Kind::Team, &"\u{fdfa}".repeat(30)), Err(NameError::TooLong));
}

fn names() -> impl Strategy<Value = String> {
    let words = [
        "x",
        "y",
        "(w)",
        "w",
        "women",
        "(ladies)",
        "b",
        "(b)",
        "ii",
        "(ii)",
        "2",
        "(r)",
        "r",
        "reserves",
        "u21",
        "u",
        "under",
        "21",
        "19s",
        "(u19)",
        "youth",
        "jong",
        "willem",
        "castilla",
        "f.c.",
        "a.",
        "b.",
        "(",
        ")",
        "primavera",
        "c",
        "&",
        "'",
        "É",
        "か\u{3099}",
    ];
    let listed = proptest::collection::vec(proptest::sample::select(words.to_vec()), 1..7)
        .prop_map(|words| words.join(" "));
    prop_oneof![listed, "\\PC{1,40}", any::<String>()]
}

proptest! {
    #[test]
    fn normal_names_stay_as_they_are(raw in names(), kind in proptest::sample::select(Kind::ALL.to_vec())) {
        if let Ok(name) = normalise(kind, &raw) {
            let printed = name.to_string();
            prop_assert_eq!(&normalise(kind, &printed).unwrap(), &name);
            prop_assert!(!name.text().is_empty());
            let separators = |c: char| c == '/' || c == '-';
            prop_assert!(!printed.contains(separators));
        }
    }
}
