//! Screening in memory: twenty medicines against each other and against a patient, as the dispensing gate asks for each order.
//! No call, no read unit: the rules are in memory by then.

use std::time::Instant;

use shared::catalog::Ingredient;
use shared::medicine::item::of_product;
use shared::medicine::patient::{Age, Patient};
use shared::medicine::screening::{Line, screen};
use support::{review_rules, world};

use crate::speed::Times;

/// How often they are screened.
const ASKED: usize = 5000;
/// What somebody with many illnesses takes; a hundred and ninety pairs.
const TAKEN: [(&str, &str); 20] = [
    ("warfarin sodium", "5 mg"),
    ("simvastatin", "20 mg"),
    ("amiodarone", "200 mg"),
    ("digoxin", "0.125 mg"),
    ("furosemide", "40 mg"),
    ("spironolactone", "25 mg"),
    ("lisinopril", "10 mg"),
    ("metoprolol", "50 mg"),
    ("metformin", "500 mg"),
    ("omeprazole", "20 mg"),
    ("levothyroxine", "0.05 mg"),
    ("sertraline", "50 mg"),
    ("tramadol", "50 mg"),
    ("gabapentin", "300 mg"),
    ("allopurinol", "100 mg"),
    ("tamsulosin", "0.4 mg"),
    ("prednisone", "5 mg"),
    ("clarithromycin", "500 mg"),
    ("potassium chloride", "20 mEq"),
    ("ibuprofen", "200 mg"),
];

/// Measures it: how long one screening takes, and how much it found.
///
/// # Errors
/// The rules cannot be read.
pub async fn measure() -> Result<(Times, usize), String> {
    let world = Box::pin(world()).await;
    Box::pin(review_rules(&world.app)).await;
    let knowledge = world.app.medicines().knowledge().await.map_err(|error| error.code().to_owned())?;
    let line = |(name, strength): &(&str, &str)| {
        let ingredient = Ingredient { name: (*name).to_owned(), strength: (*strength).to_owned() };
        let medicine = of_product(name, &[ingredient], "oral");
        Line { medicine, prescription_required: true, covered: true, course: None, usage: None }
    };
    let lines: Vec<Line> = TAKEN.iter().map(line).collect();
    let patient = Patient { age: Age::of_years(78), conditions: Some(Vec::new()), ..Patient::default() };
    let mut times = Vec::with_capacity(ASKED);
    let mut found = 0;
    for _ in 0..ASKED {
        let begun = Instant::now();
        found = screen(Some(knowledge.as_ref()), &lines, &[], &patient).findings.len();
        times.push(begun.elapsed());
    }
    Ok((Times::of(times), found))
}
