//! What rows say of their event.

use crate::support::{Page, event, full, increment, patch, row, total};
use serde_json::{Value, json};

fn first(list: &str, positions: &[(usize, Value)]) -> String {
    event(&Page::default().frame(&full(list, &[row(7, positions)])))
}

#[test]
fn an_event_is_league_home_and_away() {
    let said = first("t", &[]);
    assert!(
        said.contains(
            "id=500_1_2 sport=soccer competition=Test League title=- home=Home Club away=Away Club"
        )
    );
}

#[test]
fn rows_of_alternative_lines_take_the_names_of_their_event() {
    let nameless =
        |id, names: Value| row(id, &[(13, names.clone()), (14, names), (23, json!(3)), (26, json!(11))]);
    let mut page = Page::default();
    let reading = page.frame(&full("t", &[total(7, 11), nameless(8, json!("")), nameless(9, json!(null))]));
    let events: Vec<_> = reading.rows.iter().filter(|row| row.starts_with("event")).collect();
    assert_eq!(events.len(), 1, "{events:?}");
    let lines: Vec<_> = reading.rows.iter().filter(|row| row.starts_with("line")).collect();
    assert!(lines.iter().all(|line| line.contains("event=0")) && lines.len() == 3);
    assert!(reading.snapshot_complete);
    let alone = page.frame(&full("t", &[nameless(8, json!(""))]));
    assert!(!alone.snapshot_complete, "its names are from an earlier frame");
}

#[test]
fn the_kick_off_is_gmt8_and_stays_known() {
    assert!(first("t", &[]).contains("start=1770292800000000000"), "2026-02-05T12:00:00Z");
    assert!(first("t", &[(55, json!("2026-02-05"))]).contains("start=- "), "a date is no kick-off");
    let mut page = Page::default();
    page.frame(&full("t", &[total(7, 11)]));
    let running = row(
        7,
        &[(55, json!("2026-02-05")), (17, json!(0)), (18, json!(1)), (23, json!(2.5)), (26, json!(12))],
    );
    let reading = page.frame(&full("r", &[running]));
    assert!(event(&reading).contains("score=0-1 start=1770292800000000000 in_play=true"));
}

#[test]
fn the_kick_off_stays_known_between_the_lists() {
    const KICK_OFF: i64 = 1_770_292_800_000_000_000;
    const MINUTE: i64 = 60_000_000_000;
    let other = row(8, &[(11, json!(3)), (62, json!(3)), (23, json!(2.5)), (26, json!(11)), (55, json!(""))]);
    let running = row(7, &[(55, json!("2026-02-05")), (23, json!(2.5)), (26, json!(12))]);
    // It leaves today's list at one time and comes to the running list at another, in minutes since
    // its kick-off.
    let start = |left, came| {
        let mut page = Page::default();
        page.at = KICK_OFF - 5 * MINUTE;
        page.frame(&full("t", &[total(7, 11)]));
        page.at = KICK_OFF + left * MINUTE;
        let reading = page.frame(&full("t", std::slice::from_ref(&other)));
        page.at = KICK_OFF + came * MINUTE;
        page.frame(&full("t", std::slice::from_ref(&other)));
        let came = event(&page.frame(&full("r", std::slice::from_ref(&running))));
        (reading.snapshot_complete, came.contains(&format!("start={KICK_OFF} in_play=true")))
    };
    assert_eq!(start(1, 2), (false, true));
    assert_eq!(start(-3, 70), (false, true));
    assert_eq!(start(1, 200), (false, false), "no match comes so late");
    assert_eq!(start(-61, 1), (true, false), "taken from the list long before: it is another match then");
    // A match that ran and is in no list any more is over.
    let mut page = Page::default();
    page.at = KICK_OFF - MINUTE;
    page.frame(&full("t", &[total(7, 11)]));
    page.at = KICK_OFF + 100 * MINUTE;
    page.frame(&full("r", &[running]));
    assert!(page.frame(&full("r", &[other])).snapshot_complete);
}

#[test]
fn the_score_is_17_and_18_and_only_of_running_events() {
    let goals = [(3, json!("0 - 0")), (17, json!(0)), (18, json!(1))];
    assert!(first("r", &goals).contains("score=0-1 ") && first("r", &goals).ends_with("in_play=true"));
    assert!(first("e", &goals).contains("score=- ") && first("e", &goals).ends_with("in_play=false"));
    let mut page = Page::default();
    page.frame(&full("r", &[total(7, 11)]));
    assert!(event(&page.frame(&patch("r", 7, json!([17]), json!([1])))).contains("score=1-0"));
}

#[test]
fn leagues_are_known_by_position_61() {
    let mut page = Page::default();
    page.frame(&full("r", &[total(7, 11)]));
    let added = row(
        8,
        &[(11, json!(3)), (12, json!(4)), (62, json!(3)), (63, json!(4)), (23, json!(2)), (26, json!(11))],
    );
    let reading = page.frame(&increment("r", json!([]), json!([]), json!([added]), json!([])));
    assert!(event(&reading).contains("id=500_3_4 sport=soccer competition=Test League"));
    let stranger = row(9, &[(61, json!(501))]);
    let reading = page.frame(&increment("r", json!([]), json!([]), json!([stranger]), json!([])));
    assert!(event(&reading).contains("competition=- "));
}
