//! How much is found on forty drawn scans, held against what stands on them: the table of docs/reading.md.
//!
//! `scans.json` is what a reader of pictures has read on them (infra/reading). `UPDATE_DOCS=1` writes the table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;
use crate::medicine::strength::Strength;
use crate::prescriptions::Status;
use crate::prescriptions::samples;

const SCANS: &str = include_str!("scans.json");
const FIELDS: [&str; 9] =
    ["date", "patient", "prescriber", "register number", "medicine", "strength", "form", "quantity", "directions"];
const QUALITIES: [&str; 3] = ["clean", "photo", "bad"];

/// Found, wrong, missed.
type Counts = BTreeMap<(&'static str, &'static str), [usize; 3]>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The starter catalogue, product by product.
fn catalogue() -> Known {
    let folder = root().join("infra/seed/formulary");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let files: Vec<Value> =
        files.iter().map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()).collect();
    let products = files.iter().flat_map(|file| file["products"].as_array().unwrap());
    let products = (1..).zip(products).filter_map(|(n, product)| {
        let medicine = if product["medicine"].is_object() { &product["medicine"] } else { product };
        let [only] = medicine["ingredients"].as_array().unwrap().as_slice() else { return None };
        let text = |of: &'static str| medicine[of].as_str();
        Some((
            only["name"].as_str()?,
            only["strength"].as_str()?,
            text("dosage_form")?,
            text("brand"),
            samples::product(n),
        ))
    });
    products.collect()
}

fn page(scan: &Value) -> Page {
    let line = |line: &Value| {
        let number = |n: usize| line[n].as_i64().unwrap();
        let part = |n: usize| u16::try_from(number(n)).unwrap();
        Line {
            text: line[0].as_str().unwrap().to_owned(),
            confidence: u8::try_from(number(1)).unwrap(),
            place: Place { left: part(2), top: part(3), width: part(4), height: part(5) },
            slope: i32::try_from(number(6)).unwrap(),
        }
    };
    Page { lines: scan["lines"].as_array().unwrap().iter().map(line).collect() }
}

fn letters(text: &str) -> String {
    labels::letters(text)
}

fn count(counts: &mut Counts, quality: &'static str, field: &'static str, right: Option<bool>) {
    let place = match right {
        Some(true) => 0,
        Some(false) => 1,
        None => 2,
    };
    counts.entry((quality, field)).or_default()[place] += 1;
}

fn measured() -> Counts {
    let (known, mut counts) = (catalogue(), Counts::new());
    let scans: Vec<Value> = serde_json::from_str(SCANS).unwrap();
    assert_eq!(scans.len(), 40);
    for scan in &scans {
        let quality = QUALITIES.into_iter().find(|quality| scan["quality"] == *quality).unwrap();
        let truth = &scan["truth"];
        let text = |of: &str| truth[of].as_str().unwrap();
        let issued_on = Date::parse(text("issued_on")).unwrap();
        let typed = Prescription { issued_on, ..samples::prescription(Status::Pending, Vec::new()) };
        let found = suggest(&page(scan), &known, &typed, Date::parse("2026-11-20").unwrap());
        let same =
            |read: &Option<Read<String>>, of: &str| read.as_ref().map(|read| letters(&read.value) == letters(text(of)));
        count(&mut counts, quality, "date", found.issued_on.as_ref().map(|read| read.value == issued_on));
        count(&mut counts, quality, "patient", same(&found.patient_name, "patient_name"));
        count(&mut counts, quality, "prescriber", same(&found.prescriber_name, "prescriber_name"));
        count(&mut counts, quality, "register number", same(&found.registration_number, "registration_number"));
        let mut unused: Vec<_> = found.medicines.iter().collect();
        for medicine in truth["medicines"].as_array().unwrap() {
            let of = |member: &str| medicine[member].as_str().unwrap();
            let first = |one: &&MedicineRead| letters(&one.candidates[0].ingredient) == letters(of("ingredient"));
            let Some(at) = unused.iter().position(first) else {
                for field in &FIELDS[4..] {
                    count(&mut counts, quality, field, None);
                }
                continue;
            };
            let read = unused.remove(at);
            let strength = |text: &str| Strength::parse(text).unwrap();
            let same = |read: &Option<String>, of: &str| read.as_ref().map(|read| letters(read) == letters(of));
            count(&mut counts, quality, "medicine", Some(true));
            let right = read.strength.as_ref().map(|read| strength(read) == strength(of("strength")));
            count(&mut counts, quality, "strength", right);
            count(&mut counts, quality, "form", same(&read.form, of("form")));
            count(&mut counts, quality, "quantity", same(&read.quantity, of("quantity")));
            count(&mut counts, quality, "directions", same(&read.directions, of("directions")));
        }
        for _ in unused {
            count(&mut counts, quality, "medicine", Some(false));
        }
    }
    counts
}

fn table(counts: &Counts) -> String {
    let mut table = String::from("| field | clean: found, wrong, missed | photo | bad |\n|---|---|---|---|\n");
    for field in FIELDS {
        let cells = QUALITIES.map(|quality| {
            let [found, wrong, missed] = counts.get(&(quality, field)).copied().unwrap_or_default();
            format!("{found}, {wrong}, {missed}")
        });
        table.push_str(&format!("| {field} | {} |\n", cells.join(" | ")));
    }
    table
}

#[test]
fn the_table_of_what_is_found_is_current() {
    const BEGIN: &str = "<!-- measured -->\n";
    const END: &str = "<!-- end of measured -->";
    let counts = measured();
    let table = table(&counts);
    let path = root().join("docs/reading.md");
    let document = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    if option_env!("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(written, table, "UPDATE_DOCS=1 writes it");
    }
}

#[test]
fn what_is_suggested_on_a_clean_print_is_mostly_there_and_hardly_ever_wrong() {
    let counts = measured();
    let all = |quality: &'static str, place: usize| -> usize {
        FIELDS.iter().filter_map(|field| counts.get(&(quality, *field))).map(|counts| counts[place]).sum()
    };
    let of = |quality| (all(quality, 0), all(quality, 1), all(quality, 2));
    let (found, wrong, missed) = of("clean");
    assert!(found * 10 >= (found + wrong + missed) * 9, "{found} {wrong} {missed}");
    for quality in QUALITIES {
        let (found, wrong, missed) = of(quality);
        assert!(wrong * 20 <= found + wrong + missed, "{quality}: {found} {wrong} {missed}");
    }
    // No strength is ever another one than stands there.
    assert!(QUALITIES.iter().all(|quality| counts.get(&(*quality, "strength")).is_none_or(|counts| counts[1] == 0)));
}
