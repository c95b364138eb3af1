use super::*;
use crate::odds::Price;
use antigravity_abi::{Decimal, Market, Period, PriceFormat, Selection, Side, Status};

fn name(event: &str, selection: Selection) -> QuoteName<'_> {
    QuoteName {
        event_id: event,
        market_id: "m",
        market: Market::Total,
        other: None,
        period: Period::FULL_TIME,
        line: Decimal::parse(b"2.5").ok(),
        selection,
        runner: None,
        side: Side::Back,
        level: 1,
    }
}

fn say(agreement: &mut Agreement, voice: Voice, name: QuoteName<'_>, quoted: Option<Quoted>) {
    let pair = agreement.pair(&name);
    agreement.quote(voice, pair, quoted);
}

fn open(price: &str) -> Option<Quoted> {
    let value = Decimal::parse(price.as_bytes()).unwrap();
    let price = Some(Price::new(PriceFormat::Decimal, value).unwrap());
    let (available, min_stake, max_stake, currency) = Default::default();
    Some(Quoted { status: Status::Open, price, available, min_stake, max_stake, currency })
}

fn suspended() -> Option<Quoted> {
    open("2").map(|quoted| Quoted { status: Status::Suspended, price: None, ..quoted })
}

/// What a comparison of one quote shows.
fn kind(old: Option<Quoted>, new: Option<Quoted>) -> Option<Kind> {
    let mut agreement = Agreement::default();
    say(&mut agreement, Voice::Reference, name("e", Selection::Over), old);
    say(&mut agreement, Voice::Candidate, name("e", Selection::Over), new);
    let mut differences = Vec::new();
    let compared = agreement.settle(9, &mut differences);
    assert_eq!(compared.equal, u64::from(compared.compared == 1 && differences.is_empty()));
    differences.first().map(|difference| difference.kind)
}

#[test]
fn each_kind_of_difference_has_its_name() {
    assert_eq!(kind(open("1.90"), open("1.9")), None);
    assert_eq!(kind(suspended(), suspended()), None);
    assert_eq!(kind(open("1.90"), None), Some(Kind::Coverage));
    assert_eq!(kind(open("1.90"), suspended()), Some(Kind::Coverage));
    assert_eq!(kind(None, open("1.90")), Some(Kind::Extra));
    assert_eq!(kind(suspended(), open("1.90")), Some(Kind::Extra));
    assert_eq!(kind(open("2.00"), open("2.04")), Some(Kind::Price), "two in a hundred");
    assert_eq!(kind(open("2.00"), open("2.05")), Some(Kind::Jump));
    let size = open("2.00").map(|quoted| Quoted { max_stake: Some(Decimal::int(5)), ..quoted });
    assert_eq!(kind(open("2.00"), size), Some(Kind::Size));
}

#[test]
fn how_it_is_said_does_not_matter() {
    let mut agreement = Agreement::default();
    let (over, mut none) = (name("e", Selection::Over), Vec::new());
    for (voice, price) in [
        (Voice::Reference, open("1.90")),
        (Voice::Candidate, open("1.80")),
        (Voice::Candidate, None),
        (Voice::Candidate, open("1.90")),
    ] {
        say(&mut agreement, voice, over, price);
    }
    assert_eq!(agreement.settle(9, &mut none), Compared { compared: 1, equal: 1, kinds: BTreeMap::new() });
    assert_eq!(agreement.settle(9, &mut none).compared, 0, "nothing changed since");
    say(&mut agreement, Voice::Reference, over, open("1.95"));
    assert_eq!(agreement.settle(9, &mut none).of(Kind::Jump), 1);
    say(&mut agreement, Voice::Candidate, over, open("1.95"));
    assert_eq!((agreement.settle(9, &mut none).equal, none.len()), (1, 1));
}

#[test]
fn all_that_stands_on_either_side_is_compared() {
    let mut agreement = Agreement::default();
    say(&mut agreement, Voice::Candidate, name("f", Selection::Over), open("1.90"));
    say(&mut agreement, Voice::Reference, name("e", Selection::Over), open("1.90"));
    let (compared, list) = agreement.everything();
    assert_eq!((compared.of(Kind::Coverage), compared.of(Kind::Extra)), (1, 1));
    let said = |n: usize| (list[n].old.as_deref(), list[n].new.as_deref());
    assert_eq!((said(0), said(1)), ((Some("1.90 decimal"), None), (None, Some("1.90 decimal"))));
}

#[test]
fn an_event_that_is_told_otherwise_differs() {
    let said = |home: &str| EventSaid { home: Some(home.into()), ..EventSaid::default() };
    let mut agreement = Agreement::default();
    agreement.event(Voice::Reference, "e", said("Rovers"));
    agreement.event(Voice::Candidate, "e", said("City"));
    agreement.event(Voice::Candidate, "f", said("City"));
    let mut differences = Vec::new();
    let compared = agreement.settle(9, &mut differences);
    assert_eq!((compared.compared, compared.of(Kind::Event)), (1, 1));
    assert_eq!(differences[0].old.as_deref(), Some("home Rovers"));
    assert_eq!(agreement.everything().1, differences);
}

#[test]
fn what_neither_has_any_more_is_forgotten() {
    let mut agreement = Agreement::default();
    for n in 0..100 {
        let id = n.to_string();
        let pair = agreement.pair(&name(&id, Selection::Over));
        agreement.quote(Voice::Reference, pair, open("2"));
        agreement.quote(Voice::Reference, pair, None);
        assert!(agreement.has(pair));
        agreement.settle(0, &mut Vec::new());
        assert!(!agreement.has(pair), "another quote has its place next");
        agreement.quote(Voice::Candidate, pair, open("2"));
        assert_eq!(agreement.settle(0, &mut Vec::new()).compared, 0);
    }
    assert!(agreement.quotes.is_empty());
}

#[test]
fn each_thing_that_changed_is_told_also_where_it_is_equal_again() {
    let mut agreement = Agreement::default();
    let over = name("e", Selection::Over);
    let mut told = Vec::new();
    for (voice, price) in [
        (Voice::Reference, open("1.90")),
        (Voice::Candidate, open("1.91")),
        (Voice::Candidate, open("1.90")),
        (Voice::Reference, None),
        (Voice::Candidate, None),
    ] {
        say(&mut agreement, voice, over, price);
        agreement.settle_each(|kind, subject| told.push((kind, subject.name().quote)));
    }
    let kinds = [Some(Kind::Coverage), Some(Kind::Price), None, Some(Kind::Extra), None];
    assert_eq!(told, kinds.map(|kind| (kind, Some(over.kept()))));
    assert_eq!(agreement.each(|_, _| ()).compared, 0, "neither has it");
}
