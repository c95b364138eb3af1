use super::*;
use crate::exact::Ratio;
use antigravity_abi::PriceFormat;
use proptest::prelude::*;

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn r(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn leg(account: &str, selection: Selection, price: &str, nominal: &str) -> Leg {
    Leg {
        account: account.into(),
        provider: "cmd368".into(),
        event_id: "25299763".into(),
        market_id: "m1".into(),
        market: Market::AsianHandicap,
        period: Period::FULL_TIME,
        line: Some(d("-0.750")),
        selection,
        runner: None,
        side: Side::Back,
        basis: None,
        score: None,
        price: Price::new(PriceFormat::Decimal, d(price)).unwrap(),
        packet_seq: 17,
        age_ms: 120,
        step: d("1"),
        min: Some(d("1.0")),
        max: None,
        currency: None,
        nominal: NominalStake::new(r(nominal)).unwrap(),
        risk: Risk::new(r(nominal)).unwrap(),
        fee: Fee::Amount { schedule: "none".into(), amount: Ratio::ZERO },
    }
}

const EVENT: &str = "soccer/england \"a\"/arsenal/everton/2026-09-08T12:30Z";

/// −0.75 at 2.10 against +0.75 at 2.00.
fn certificate() -> Certificate {
    use Settled::{HalfLoss, HalfWin, Loss, Win};
    let state = |name: &str, results: [Settled; 2], profit: &str| State {
        name: name.into(),
        results: results.to_vec(),
        profit: r(profit),
    };
    Certificate {
        as_of: "2026-09-08T11:02:03.123456789Z".parse().unwrap(),
        currency: "USD".parse().unwrap(),
        event: EVENT.into(),
        legs: vec![leg("A", Selection::Home, "2.10", "491"), leg("B", Selection::Away, "2.00", "508")],
        outcomes: None,
        fx: Vec::new(),
        states: vec![
            state("home by 2 or more", [Win, Loss], "32.1"),
            state("home by 1", [HalfWin, HalfLoss], "16.05"),
            state("draw or away", [Loss, Win], "17"),
        ],
        worst: 1,
        guaranteed: r("16.05"),
    }
}

fn text(certificate: &Certificate) -> String {
    let mut out = Vec::new();
    certificate.write(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn the_document_in_full() {
    let leg = |account: &str, selection: &str, price: &str, stake: &str| {
        format!(
            concat!(
                r#"{{"account":"{}","provider":"cmd368","event_id":"25299763","market_id":"m1","market":"asian-handicap","#,
                r#""period":"full-time","line":"-0.75","selection":"{}","runner":null,"side":"back","#,
                r#""price":{{"format":"decimal","value":"{}"}},"packet_seq":17,"age_ms":120,"step":"1","min":"1","max":null,"#,
                r#""nominal_stake":"{stake}","risk":"{stake}","fee":{{"schedule":"none","amount":"0"}}}}"#
            ),
            account,
            selection,
            price,
            stake = stake
        )
    };
    let expected = format!(
        concat!(
            r#"{{"version":1,"as_of":"2026-09-08T11:02:03.123456789Z","currency":"USD","#,
            r#""event":"soccer/england \"a\"/arsenal/everton/2026-09-08T12:30Z","legs":[{},{}],"#,
            r#""states":[{{"state":"home by 2 or more","results":["win","loss"],"profit":"32.1"}},"#,
            r#"{{"state":"home by 1","results":["half-win","half-loss"],"profit":"16.05"}},"#,
            r#"{{"state":"draw or away","results":["loss","win"],"profit":"17"}}],"#,
            r#""worst_state":1,"guaranteed_profit":"16.05"}}"#
        ),
        leg("A", "home", "2.10", "491"),
        leg("B", "away", "2.00", "508")
    );
    assert_eq!(text(&certificate()), expected);
}

#[test]
fn what_there_is_only_sometimes() {
    let mut certificate = certificate();
    let home = &mut certificate.legs[0];
    home.basis = Some(HandicapBasis::FromNow);
    home.score = Some("1-0".into());
    home.currency = Some("EUR".parse().unwrap());
    home.max = Some(d("600.50"));
    home.fee = Fee::Rate { schedule: "betfair".into(), rate: r("0.05") };
    home.runner = Some("Crème".into());
    let list = ["red", "blue"].map(Box::from).to_vec();
    certificate.outcomes = Some(Outcomes { list, account: "A".into(), packet_seq: 9 });
    let rate = FxUsed {
        from: "EUR".parse().unwrap(),
        to: "USD".parse().unwrap(),
        rate: d("1.0850"),
        haircut: d("0.005"),
        at: certificate.as_of,
    };
    certificate.fx = vec![rate];
    certificate.guaranteed = r("2000/23");
    let text = text(&certificate);
    for part in [
        r#""selection":"home","runner":"Crème","side":"back","basis":"from-now","score":"1-0","price":"#,
        r#""max":"600.5","currency":"EUR","nominal_stake":"491","risk":"491","fee":{"schedule":"betfair","rate":"0.05"}}"#,
        r#"],"outcomes":["red","blue"],"outcomes_proof":{"account":"A","packet_seq":9},"fx":[{"from":"EUR","to":"USD","#,
        r#""rate":"1.085","haircut":"0.005","at":"2026-09-08T11:02:03.123456789Z"}],"states":["#,
        r#""guaranteed_profit":"2000/23"}"#,
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

/// The digests come from `sha256sum`.
#[test]
fn keys_and_ids() {
    assert_eq!(hex(&id(b"")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let Certificate { event, mut legs, .. } = certificate();
    assert_eq!(hex(&key(&event, &legs)), "3bae205a1392435fa86bba114b84f4d74397d08c71aa8dca0f92f5f306e177a3");
    let first = key(&event, &legs);
    legs.reverse();
    legs[0].price = Price::new(PriceFormat::Malay, d("-0.5")).unwrap();
    legs[0].nominal = NominalStake::new(r("7")).unwrap();
    legs[0].line = Some(d("-0.75"));
    (legs[0].age_ms, legs[0].packet_seq, legs[0].max) = (9, 9, Some(d("9")));
    assert_eq!(key(&event, &legs), first);
    type Change = fn(&mut Leg);
    let changes: [Change; 10] = [
        |leg| leg.account = "C".into(),
        |leg| leg.provider = "saba".into(),
        |leg| leg.event_id = "2".into(),
        |leg| leg.market_id = "2".into(),
        |leg| leg.market = Market::Total,
        |leg| leg.period = Period::FIRST_HALF,
        |leg| leg.line = None,
        |leg| leg.selection = Selection::Over,
        |leg| leg.runner = Some("null".into()),
        |leg| leg.side = Side::Lay,
    ];
    for change in changes {
        let mut other = legs.clone();
        change(&mut other[0]);
        assert_ne!(key(&event, &other), first);
    }
    assert_ne!(key("another", &legs), first);
}

#[test]
fn lines() {
    let certificate = certificate();
    let mut bytes = Vec::new();
    certificate.write(&mut bytes);
    let (key, id) = (key(&certificate.event, &certificate.legs), id(&bytes));
    let line = OpportunityLine {
        key: &key,
        id: &id,
        at: certificate.as_of,
        lane: "cross-account",
        stake_total: r("999"),
        return_on_stake: r("16.05/999"),
        class: "strict",
        certificate: &certificate,
        bytes: &bytes,
    };
    let mut out = Vec::new();
    line.write(&mut out);
    let text = String::from_utf8(out).unwrap();
    let head = format!(
        r#"{{"type":"opportunity","key":"{}","id":"{}","at":"2026-09-08T11:02:03.123456789Z","lane":"cross-account","legs":[{{"account":"A","#,
        hex(&key),
        hex(&id)
    );
    assert!(text.starts_with(&head), "{text}");
    for part in [
        r#""price":{"format":"decimal","value":"2.10","decimal":"2.100000"},"nominal_stake":"491","risk":"491"},{"#,
        r#"],"stake_total":"999","guaranteed_profit":"16.05","return":"0.016066","class":"strict","certificate":{"version":1,"#,
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["certificate"], serde_json::from_slice::<serde_json::Value>(&bytes).unwrap());
    let mut out = Vec::new();
    ClosedLine { key: &key, id: &id, at: certificate.as_of, reason: "stale" }.write(&mut out);
    let expected = format!(
        r#"{{"type":"closed","key":"{}","id":"{}","at":"2026-09-08T11:02:03.123456789Z","reason":"stale"}}"#,
        hex(&key),
        hex(&id)
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

proptest! {
    #[test]
    fn any_text_is_a_sound_document(event in ".*", runner in prop::option::of(".*"), account in ".*") {
        let mut certificate = certificate();
        certificate.event = event.as_str().into();
        certificate.legs[1].runner = runner.as_deref().map(Box::from);
        certificate.legs[1].account = account.as_str().into();
        let read: serde_json::Value = serde_json::from_str(&text(&certificate)).unwrap();
        prop_assert_eq!(&read["event"], &serde_json::Value::from(event.as_str()));
        prop_assert_eq!(&read["legs"][1]["runner"], &serde_json::Value::from(runner));
        prop_assert_eq!(&read["legs"][1]["account"], &serde_json::Value::from(account));
    }
}
