//! The matches of the demo.

/// One match as it is planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fixture {
    pub competition: &'static str,
    pub home: &'static str,
    pub away: &'static str,
    /// minutes from the scenario's start; negative: it runs already
    pub kickoff: i64,
    /// goals expected of home and away in the whole match, before it
    pub strength: [f64; 2],
}

const fn fixture(
    competition: &'static str,
    home: &'static str,
    away: &'static str,
    kickoff: i64,
    strength: [f64; 2],
) -> Fixture {
    Fixture { competition, home, away, kickoff, strength }
}

const ENGLAND: &str = "English Premier League";
const SPAIN: &str = "Spain La Liga";
const ITALY: &str = "Italy Serie A";
const GERMANY: &str = "Germany Bundesliga";
const DENMARK: &str = "Denmark Superliga";
const SCOTLAND: &str = "Scotland Championship";
const JAPAN: &str = "Japan J1 League";

/// Seven run, one kicks off after a minute, one is after midnight of the books' time zone. Names
/// hold an accent, an apostrophe, a digit and an ampersand, which some books escape.
pub const DEMO: &[Fixture] = &[
    fixture(ENGLAND, "Manchester City", "Newcastle United", -12, [1.9, 1.0]),
    fixture(ENGLAND, "Arsenal", "Everton", 90, [1.8, 0.8]),
    fixture(ENGLAND, "Brighton & Hove Albion", "Fulham", 90, [1.5, 1.2]),
    fixture(ENGLAND, "Aston Villa", "Liverpool", 150, [1.2, 1.6]),
    fixture(SPAIN, "Atlético Madrid", "Real Betis", -31, [1.6, 0.9]),
    fixture(SPAIN, "Real Madrid", "Villarreal", 120, [2.1, 1.0]),
    fixture(SPAIN, "Athletic Club", "Sevilla", 120, [1.4, 1.0]),
    fixture(ITALY, "Inter", "Lazio", -72, [1.8, 0.9]),
    fixture(ITALY, "Napoli", "Fiorentina", 165, [1.7, 1.0]),
    fixture(ITALY, "Genoa", "Torino", 330, [1.1, 1.1]),
    fixture(GERMANY, "1. FC Köln", "Mainz 05", -5, [1.4, 1.3]),
    fixture(GERMANY, "RB Leipzig", "Werder Bremen", 60, [1.9, 1.1]),
    fixture(GERMANY, "VfB Stuttgart", "Bayern München", 1, [1.2, 2.0]),
    fixture(DENMARK, "Brøndby", "FC Nordsjælland", -24, [1.5, 1.4]),
    fixture(DENMARK, "FC København", "Aarhus GF", 75, [1.8, 0.9]),
    fixture(SCOTLAND, "Queen's Park", "Partick Thistle", 195, [1.2, 1.4]),
    fixture(SCOTLAND, "Raith Rovers", "Ayr United", -83, [1.3, 1.2]),
    fixture(JAPAN, "Yokohama F. Marinos", "Kashima Antlers", -40, [1.5, 1.3]),
    fixture(JAPAN, "Urawa Red Diamonds", "Vissel Kobe", 30, [1.1, 1.2]),
    fixture(JAPAN, "Gamba Osaka", "Cerezo Osaka", 30, [1.4, 1.4]),
];
