//! Orders that a pharmacist would never let pass, and orders that must not be held. The same lists are ordered in tests/tests/shop.

use super::*;
use crate::medicine::dataset::rows;

/// Each with the label or notice that says so; none passes without a pharmacist.
const DANGEROUS: &str = include_str!("dangerous.tsv");
/// Everyday orders: nothing in them is for a pharmacist to stop.
const HARMLESS: &str = include_str!("harmless.tsv");

#[test]
fn no_dangerous_order_passes() {
    let mut passed = Vec::new();
    let mut seen = 0;
    for [one, other, citation] in rows::<3>(DANGEROUS) {
        seen += 1;
        for pair in [[one, other], [other, one]] {
            let found = verdict(&pair);
            if found < Some(Consequence::Hold) {
                passed.push(format!("{pair:?} {found:?}: {citation}"));
            }
        }
    }
    assert!(seen >= 60 && passed.is_empty(), "{seen} {passed:#?}");
}

#[test]
fn no_harmless_order_is_held() {
    let mut held = Vec::new();
    let orders = HARMLESS.lines().filter(|line| !line.starts_with('#'));
    assert!(orders.clone().count() >= 60);
    for order in orders {
        let lines: Vec<Line> = order.split('\t').map(line).collect();
        let found = screen(Some(knowledge()), &lines, &[], &Patient::default());
        let grave = found.standing(&[]).map(|finding| format!("{}: {}", finding.key, finding.detail));
        let grave: Vec<String> = grave.collect();
        if !grave.is_empty() {
            held.push(format!("{order:?}: {grave:?}"));
        }
    }
    assert!(held.is_empty(), "{held:#?}");
}
