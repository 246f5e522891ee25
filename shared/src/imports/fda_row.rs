//! A product of Drugs@FDA as the catalogue has it: a draft, without a price and without a pack, which the table does not know.
//!
//! The table writes in capitals and in its own abbreviations; what comes of it is written as labels write it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::import::Refusal;
use super::key::ProductKey;
use super::product_row::created;
use super::row::{Entry, Row, first_of};
use crate::catalog::alternatives::te_code;
use crate::catalog::product::{ImportMark, NewProduct, ProductChange};
use crate::catalog::{ProductRow, Slug};
use crate::platform::fields::Change;
use crate::platform::ids::ImportId;
use crate::platform::latin;
use crate::platform::money::Currency;

/// The category of what nobody has sorted yet.
pub const UNSORTED: &str = "unsorted";
/// The table knows no packs.
const NO_PACK: &str = "not stated";
/// Marketed on prescription.
const PRESCRIPTION: &str = "1";
/// Marketed over the counter.
const OVER_THE_COUNTER: &str = "2";
/// The longest name of a product, in characters.
const MAX_NAME: usize = 200;
/// How units are written that are not simply in lower case.
const UNITS: [(&str, &str); 6] =
    [("gm", "g"), ("ml", "mL"), ("meq", "mEq"), ("hr", "h"), ("inh", "inhalation"), ("iu", "IU")];
/// The sign that stands for what is no UTF-8.
const UNREADABLE: char = '\u{fffd}';

/// Whether a status is one of what can be had.
pub fn is_marketed(status: &str) -> bool {
    [PRESCRIPTION, OVER_THE_COUNTER].contains(&status)
}

/// The column of the published table that a field is made of.
pub fn column_of(field: &str) -> String {
    let column = match first_of(field) {
        "name" | "brand" | "slug" => "DrugName",
        "dosage_form" | "route" => "Form",
        "ingredients" if field.ends_with("strength") => "Strength",
        "ingredients" => "ActiveIngredient",
        other => other,
    };
    column.to_owned()
}

/// A row as it is published.
#[derive(Clone, Copy, Debug)]
pub struct Published<'a> {
    /// `NDA`, `ANDA` or `BLA`.
    pub sort: &'a str,
    /// The number of the application.
    pub number: &'a str,
    /// The number of the product in it.
    pub product: &'a str,
    /// `TABLET;ORAL`.
    pub form: &'a str,
    /// `5MG;EQ 10MG BASE`.
    pub strength: &'a str,
    /// `GLUCOPHAGE`.
    pub name: &'a str,
    /// `METFORMIN HYDROCHLORIDE; GLIPIZIDE`.
    pub ingredients: &'a str,
    /// In which ways it is marketed.
    pub statuses: &'a BTreeSet<String>,
    /// Its codes of therapeutic equivalence.
    pub codes: &'a BTreeSet<String>,
}

impl Published<'_> {
    /// What the pharmacy's lists call it: `ANDA076543-001`.
    pub fn sku(&self) -> String {
        format!("{}{}-{}", self.sort, self.number, self.product)
    }

    /// The row as the catalogue takes it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn row(&self, entry: &Entry, import: ImportId, currency: Currency) -> Result<Row, Vec<Refusal>> {
        let refused = |column: &str, code: &str, message: &str| Err(vec![entry.refusal(column, code, message)]);
        let numbered =
            |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        if !["NDA", "ANDA", "BLA"].contains(&self.sort) || !numbered(self.number, 6) || !numbered(self.product, 3) {
            return refused("ApplNo", "unknown_application", "there is no application of this number and a known type");
        }
        for (column, cell) in [
            ("DrugName", self.name),
            ("ActiveIngredient", self.ingredients),
            ("Strength", self.strength),
            ("Form", self.form),
        ] {
            if cell.contains(UNREADABLE) {
                return refused(column, "not_utf8", "this cell is not UTF-8");
            }
        }
        let names: Vec<_> = self.ingredients.split(';').map(|name| name.trim().to_lowercase()).collect();
        let strengths = plain_strengths(self.strength);
        if names.len() != strengths.len() {
            let message = format!("there are {} ingredients and {} strengths", names.len(), strengths.len());
            return refused("Strength", "strengths_do_not_match", &message);
        }
        let sku = self.sku();
        let key = ProductKey::of(None, Some(&sku), None);
        let key = key.map_err(|(_, why)| vec![entry.refusal("ApplNo", why.code, why.at("sku").message().english())])?;
        let new = created(self.fields(&names, &strengths), self.slug(&sku).as_ref(), currency);
        Ok(Row::Product(Box::new(ProductRow {
            id: key.product(),
            must_exist: false,
            sku: Some(sku),
            // It is made of the name, which may be another in the next edition of the table.
            slug: None,
            change: new.as_ref().map(facts).map_err(Clone::clone),
            new,
            mark: ImportMark { import, line: entry.line, created: false },
        })))
    }

    fn fields(&self, names: &[String], strengths: &[String]) -> Map<String, Value> {
        let (form, route) = self.form.split_once(';').unwrap_or((self.form, ""));
        let status = if self.statuses.contains(PRESCRIPTION) { "prescription" } else { "otc" };
        let ingredients: Vec<_> =
            names.iter().zip(strengths).map(|(name, strength)| json!({"name": name, "strength": strength})).collect();
        let mut fields = Map::from_iter([
            ("name".to_owned(), json!(self.full_name(strengths))),
            ("ingredients".to_owned(), json!(ingredients)),
            ("dosage_form".to_owned(), json!(plain_form(form))),
            ("pack_size".to_owned(), json!(NO_PACK)),
            ("category_id".to_owned(), json!(UNSORTED)),
            ("legal_status".to_owned(), json!(status)),
            ("status".to_owned(), json!("draft")),
        ]);
        let route = plain_route(route);
        // What is not there is told as missing.
        if !route.is_empty() {
            fields.insert("route".to_owned(), json!(route));
        }
        if !self.is_generic(names) {
            fields.insert("brand".to_owned(), json!(in_capitals(self.name)));
        }
        // Of several codes none says alone what the product is equivalent to.
        let mut codes = self.codes.iter().filter(|code| te_code(code).is_ok());
        if let (Some(code), None) = (codes.next(), codes.next()) {
            fields.insert("te_code".to_owned(), json!(code));
        }
        fields
    }

    /// `Glucophage 500 mg`, as far as that is not too long.
    fn full_name(&self, strengths: &[String]) -> String {
        let name = in_capitals(self.name);
        let whole = format!("{name} {}", strengths.join(" / "));
        if name.is_empty() || whole.chars().count() > MAX_NAME { name } else { whole }
    }

    /// Whether it is called by its substances.
    fn is_generic(&self, names: &[String]) -> bool {
        let substances = names.join(" ");
        let substances: BTreeSet<_> = words(&substances).collect();
        let name = self.name.to_lowercase();
        words(&name).all(|word| word == "and" || substances.contains(word))
    }

    fn slug(&self, sku: &str) -> Option<Slug> {
        let end = sku.to_lowercase();
        let room = Slug::MAX.saturating_sub(end.len() + 1);
        let (made, _) = latin::slug(self.name, room);
        let slug = if made.is_empty() { end } else { format!("{made}-{end}") };
        Slug::parse(&slug).ok()
    }
}

/// What an edition of the table says anew of a product that is there: the name, the category, the price, the pack and how it
/// may be sold are the pharmacy's by then.
fn facts(new: &NewProduct) -> ProductChange {
    ProductChange {
        ingredients: Some(new.medicine.ingredients.clone()),
        dosage_form: Some(new.medicine.dosage_form.clone()),
        route: Some(new.medicine.route.clone()),
        te_code: new.te_code.clone().map_or(Change::Clear, Change::Set),
        ..ProductChange::default()
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// One strength for each ingredient; remarks behind asterisks are none.
fn plain_strengths(text: &str) -> Vec<String> {
    text.split("**").next().unwrap_or_default().split(';').map(plain_strength).collect()
}

/// `EQ 10MG BASE` as labels write it: `10 mg base`.
fn plain_strength(text: &str) -> String {
    let (mut plain, mut word, mut before) = (String::new(), String::new(), ' ');
    for c in text.trim().chars().chain(['\0']) {
        if c.is_ascii_alphabetic() {
            if word.is_empty() && before.is_ascii_digit() {
                plain.push(' ');
            }
            word.push(c.to_ascii_lowercase());
        } else {
            // What the table calls equivalent to is how labels count anyway.
            if word != "eq" {
                let unit = UNITS.iter().find(|(table, _)| *table == word).map(|(_, label)| *label);
                plain.push_str(unit.unwrap_or(&word));
            }
            word.clear();
            if c != '\0' {
                plain.push(c);
            }
        }
        before = c;
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain_form(text: &str) -> String {
    text.trim().to_lowercase().replace("delayed rel pellets", "delayed release pellets")
}

/// A route without the number of tablets that the table appends for contraceptives: `ORAL-28`.
fn plain_route(text: &str) -> String {
    let route = text.trim().to_lowercase();
    match route.rsplit_once('-') {
        Some((route, tablets)) if !tablets.is_empty() && tablets.bytes().all(|byte| byte.is_ascii_digit()) => {
            route.to_owned()
        }
        _ => route,
    }
}

/// `METFORMIN HYDROCHLORIDE` as names are written: `Metformin Hydrochloride`.
fn in_capitals(text: &str) -> String {
    let (mut name, mut begins) = (String::new(), true);
    for c in text.trim().chars() {
        if begins {
            name.extend(c.to_uppercase());
        } else {
            name.extend(c.to_lowercase());
        }
        begins = !c.is_alphanumeric() && c != '\'';
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::LegalStatus;
    use crate::platform::clock::Timestamp;

    fn set(texts: &[&str]) -> BTreeSet<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    /// A generic of two substances.
    fn published<'a>(statuses: &'a BTreeSet<String>, codes: &'a BTreeSet<String>) -> Published<'a> {
        Published {
            sort: "ANDA",
            number: "076543",
            product: "001",
            form: "TABLET, FILM COATED;ORAL",
            strength: "EQ 875MG BASE;125MG",
            name: "AMOXICILLIN AND CLAVULANATE POTASSIUM",
            ingredients: "AMOXICILLIN; CLAVULANATE POTASSIUM",
            statuses,
            codes,
        }
    }

    fn row(published: &Published<'_>) -> Result<ProductRow, Vec<Refusal>> {
        let entry = Entry { line: 2, key: published.sku(), row: Err(Vec::new()) };
        let import = ImportId::first_at(Timestamp::from_millis(1));
        match published.row(&entry, import, Currency::parse("USD").unwrap())? {
            Row::Product(row) => Ok(*row),
            Row::Stock(_) => unreachable!(),
        }
    }

    #[test]
    fn a_row_becomes_a_draft_without_a_price() {
        let (statuses, codes) = (set(&["1"]), set(&["AB"]));
        let row = row(&published(&statuses, &codes)).unwrap();
        let new = row.new.clone().unwrap();
        assert_eq!((new.price.amount(), new.status), (0, Some(crate::catalog::ProductStatus::Draft)));
        assert_eq!(new.medicine.name, "Amoxicillin And Clavulanate Potassium 875 mg base / 125 mg");
        assert_eq!((new.medicine.brand, new.medicine.legal_status), (None, LegalStatus::Prescription));
        assert_eq!(new.medicine.ingredients[0].strength, "875 mg base");
        assert_eq!((new.medicine.route.as_str(), new.te_code.as_deref()), ("oral", Some("AB")));
        assert_eq!(new.slug.unwrap().as_str(), "amoxicillin-and-clavulanate-potassium-anda076543-001");
        assert_eq!(row.sku.as_deref(), Some("ANDA076543-001"));
        let by_sku = ProductKey::of(None, Some("ANDA076543-001"), None).unwrap();
        assert_eq!(row.id, by_sku.product(), "a table of products finds it by its sku");
    }

    #[test]
    fn the_next_edition_touches_the_facts_alone() {
        let (statuses, codes) = (set(&["2"]), set(&[]));
        let change = row(&published(&statuses, &codes)).unwrap().change.unwrap();
        assert_eq!((change.name, change.price, change.legal_status, change.status), (None, None, None, None));
        assert_eq!((change.te_code, change.route.as_deref()), (Change::Clear, Some("oral")));
        assert!(change.category_id.is_none() && change.pack_size.is_none());
    }

    #[test]
    fn whoever_is_marketed_both_ways_needs_a_prescription_and_several_codes_are_none() {
        let (both, several) = (set(&["1", "2", "3"]), set(&["AB1", "AB2", "TBD"]));
        let new = row(&published(&both, &several)).unwrap().new.unwrap();
        assert_eq!((new.medicine.legal_status, new.te_code), (LegalStatus::Prescription, None));
        let (otc, unknown) = (set(&["2"]), set(&["AB1", "TBD"]));
        let new = row(&published(&otc, &unknown)).unwrap().new.unwrap();
        assert_eq!((new.medicine.legal_status, new.te_code.as_deref()), (LegalStatus::Otc, Some("AB1")));
        assert!(!is_marketed("3") && !is_marketed("4") && !is_marketed(""));
    }

    #[test]
    fn what_the_rules_refuse_is_named_by_the_published_column() {
        let (statuses, codes) = (set(&["1"]), set(&[]));
        let good = published(&statuses, &codes);
        for (wrong, column) in [
            (Published { form: "TABLET", ..good }, "Form"),
            (Published { name: "", ..good }, "DrugName"),
            (Published { strength: ";125MG", ..good }, "Strength"),
        ] {
            let errors = row(&wrong).unwrap().new.unwrap_err();
            assert!(errors.iter().any(|error| column_of(&error.field) == column), "{errors:?}");
        }
        for wrong in [
            Published { sort: "", ..good },
            Published { number: "76543", ..good },
            Published { product: "00A", ..good },
            Published { strength: "875MG", ..good },
            Published { name: "A\u{fffd}", ..good },
        ] {
            assert!(row(&wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn strengths_are_written_as_on_labels() {
        for (table, label) in [
            ("500MG", "500 mg"),
            ("EQ 10MG BASE", "10 mg base"),
            ("5GM/100ML", "5 g/100 mL"),
            ("20,000 UNITS/ML", "20,000 units/mL"),
            ("0.1%", "0.1%"),
            ("10MEQ", "10 mEq"),
            ("0.1MG/24HR", "0.1 mg/24 h"),
        ] {
            assert_eq!(plain_strength(table), label);
        }
        assert_eq!(plain_strengths("5MG;10MG **Federal Register determination; see"), ["5 mg", "10 mg"]);
        assert_eq!(
            (plain_route("ORAL-28"), plain_route("IV (INFUSION)")),
            ("oral".to_owned(), "iv (infusion)".to_owned())
        );
    }

    #[test]
    fn a_brand_is_what_is_not_the_substances() {
        let (statuses, codes) = (set(&["1"]), set(&[]));
        let branded = Published { name: "AUGMENTIN '875'", ..published(&statuses, &codes) };
        assert_eq!(row(&branded).unwrap().new.unwrap().medicine.brand.as_deref(), Some("Augmentin '875'"));
        assert_eq!(in_capitals("CHILDREN'S ADVIL"), "Children's Advil");
    }
}
