//! What a prescription was uploaded as: one to five files, each a picture or a PDF, each checked by itself.
//!
//! A file of a prescription is a sheet here, since a PDF has pages of its own. The first stands in the item where the only
//! one stood before there could be more; the others are `more_files`, which a prescription of one file does not have.

use serde::{Deserialize, Serialize};

use super::document::{DocumentType, Refusal};
use super::prescription::ScanFile;

/// The most files of one prescription.
pub const MOST: usize = 5;
/// The refusal of a file that never came.
pub const NOT_UPLOADED: &str = "not_uploaded";

/// Which sheet of a prescription, from one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SheetNumber(usize);

impl SheetNumber {
    /// The first.
    pub const FIRST: Self = Self(1);

    /// Reads the number of any sheet but the first, as keys have it.
    pub fn parse_further(text: &str) -> Option<Self> {
        (2..=MOST).find(|number| number.to_string() == text).map(Self)
    }

    /// As people count.
    pub const fn get(self) -> usize {
        self.0
    }
}

/// One file of a prescription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The announced type of the file.
    pub content_type: String,
    /// The checked file.
    pub file: Option<ScanFile>,
    /// Why the file was refused.
    pub refusal: Option<String>,
}

/// The files of a prescription, in the order they were announced in; there is always a first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheets {
    #[serde(flatten)]
    first: Sheet,
    #[serde(default, rename = "more_files", skip_serializing_if = "Vec::is_empty")]
    more: Vec<Sheet>,
}

impl Sheet {
    /// One that is still to be uploaded.
    pub fn announced(kind: DocumentType) -> Self {
        Self { content_type: kind.as_str().to_owned(), file: None, refusal: None }
    }

    /// One whose file has been checked and is good.
    pub fn checked(file: ScanFile) -> Self {
        Self { content_type: file.content_type.clone(), file: Some(file), refusal: None }
    }

    /// The type of the checked file, which may differ from the announced one: a picture without transparency becomes a
    /// JPEG.
    pub fn shown_type(&self) -> &str {
        self.file.as_ref().map_or(&self.content_type, |file| &file.content_type)
    }
}

impl From<Sheet> for Sheets {
    fn from(only: Sheet) -> Self {
        Self { first: only, more: Vec::new() }
    }
}

impl Sheets {
    /// Of a first one and the others.
    pub fn new(first: Sheet, more: Vec<Sheet>) -> Self {
        Self { first, more }
    }

    /// The first.
    pub fn first(&self) -> &Sheet {
        &self.first
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.more.len() + 1
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Sheet> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// All of them with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (SheetNumber, &Sheet)> {
        (1..).map(SheetNumber).zip(self.iter())
    }

    fn iter_mut(&mut self) -> impl Iterator<Item = &mut Sheet> {
        std::iter::once(&mut self.first).chain(&mut self.more)
    }

    /// One of them.
    pub fn get(&self, number: SheetNumber) -> Option<&Sheet> {
        self.iter().nth(number.0.checked_sub(1)?)
    }

    /// The checked files.
    pub fn files(&self) -> impl Iterator<Item = &ScanFile> {
        self.iter().filter_map(|sheet| sheet.file.as_ref())
    }

    /// The checked files, to be changed.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut ScanFile> {
        self.iter_mut().filter_map(|sheet| sheet.file.as_mut())
    }

    /// Whether every file has come and is good.
    pub fn are_complete(&self) -> bool {
        self.iter().all(|sheet| sheet.file.is_some())
    }

    /// Why they cannot be shown, where one of them was refused.
    pub fn refusal(&self) -> Option<&str> {
        self.iter().find_map(|sheet| sheet.refusal.as_deref())
    }

    /// Whether nothing ever came.
    pub fn never_came(&self) -> bool {
        self.iter().all(|sheet| sheet.refusal.as_deref() == Some(NOT_UPLOADED))
    }

    /// Whether a file has these bytes.
    pub fn have(&self, sha256: &str) -> bool {
        self.files().any(|file| file.sha256 == sha256)
    }

    /// With a good file at its place.
    #[must_use]
    pub fn with_file(mut self, number: SheetNumber, file: ScanFile) -> Self {
        if let Some(sheet) = self.iter_mut().nth(number.0.saturating_sub(1)) {
            sheet.file = Some(file);
        }
        self
    }

    /// Without any file, since one of them may not be shown to anybody; and the digests of those that were good.
    pub fn refused(self, number: SheetNumber, refusal: Refusal) -> (Self, Vec<String>) {
        let (mut without, good) = self.without_files();
        if let Some(sheet) = without.iter_mut().nth(number.0.saturating_sub(1)) {
            sheet.refusal = Some(refusal.as_str().to_owned());
        }
        (without, good)
    }

    /// Without any file, since some never came, which say so; and the digests of those that were good.
    pub fn given_up(mut self) -> (Self, Vec<String>) {
        if self.refusal().is_none() {
            for sheet in self.iter_mut().filter(|sheet| sheet.file.is_none()) {
                sheet.refusal = Some(NOT_UPLOADED.to_owned());
            }
        }
        self.without_files()
    }

    fn without_files(mut self) -> (Self, Vec<String>) {
        let good = self.iter_mut().filter_map(|sheet| sheet.file.take()).map(|file| file.sha256).collect();
        (self, good)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn file(sha256: &str) -> ScanFile {
        ScanFile {
            object_key: format!("clean/{sha256}"),
            content_type: "image/jpeg".to_owned(),
            sha256: sha256.to_owned(),
            also_on_another_account: false,
        }
    }

    fn two() -> Sheets {
        Sheets::new(Sheet::announced(DocumentType::Png), vec![Sheet::announced(DocumentType::Pdf)])
    }

    const SECOND: SheetNumber = SheetNumber(2);

    /// As it was stored before there were patients, several pages and days of supply.
    #[test]
    fn what_was_stored_before_there_were_patients_is_read() {
        let stored: crate::prescriptions::Prescription = serde_json::from_value(json!({
            "id": "rx_01J9Z3NDEKTSV4RRFFQ69G5FAV", "owner": "00000000-0000-4000-8000-000000000001", "status": "approved",
            "created_at": "2026-11-01T08:00:00.000Z", "content_type": "image/png", "patient_name": "Anna Azad",
            "prescriber": {"name": "Dr Thapa", "registration_number": "NMC 1"}, "issued_on": "2026-10-30",
            "file": {"object_key": "clean/a", "content_type": "image/jpeg", "sha256": "a", "also_on_another_account": false},
            "refusal": null, "claim": null,
            "review": {"by": "00000000-0000-4000-8000-000000000009", "at": "2026-11-01T09:00:00.000Z", "rejection": null},
            "lines": [{"medicine": {"product": "prd_01J9Z3NDEKTSV4RRFFQ69G5FAV"}, "quantity": 2, "fills_allowed": 3,
                "min_days_between": 30, "fills": [{"order_id": "ord_01J9Z3NDEKTSV4RRFFQ69G5FAV",
                "product_id": "prd_01J9Z3NDEKTSV4RRFFQ69G5FAV", "quantity": 1, "on": "2026-11-02"}]}],
            "valid_until": "2026-12-31", "version": 4,
        }))
        .unwrap();
        assert_eq!((stored.patient, stored.version, stored.lines[0].fills.len()), (None, 4, 1));
        assert!(stored.sheets.are_complete() && stored.lines[0].days_supply.is_none());
    }

    #[test]
    fn one_file_is_written_as_it_was_before_there_could_be_more() {
        let before = json!({"content_type": "image/png", "file": file("a"), "refusal": null});
        let read: Sheets = serde_json::from_value(before.clone()).unwrap();
        let sheet = Sheet { content_type: "image/png".to_owned(), ..Sheet::checked(file("a")) };
        assert_eq!(read, Sheets::from(sheet));
        assert_eq!(serde_json::to_value(&read).unwrap(), before);
        assert_eq!(serde_json::to_value(two()).unwrap()["more_files"][0]["content_type"], "application/pdf");
    }

    #[test]
    fn they_are_complete_when_every_file_has_come() {
        let half = two().with_file(SECOND, file("b"));
        assert!(!half.are_complete());
        assert_eq!(half.get(SECOND).unwrap().shown_type(), "image/jpeg");
        let whole = half.with_file(SheetNumber::FIRST, file("a"));
        assert!(whole.are_complete() && whole.have("a") && whole.have("b") && !whole.have("c"));
        assert_eq!(whole.clone().with_file(SheetNumber(3), file("c")), whole, "there is no third");
    }

    #[test]
    fn a_bad_file_says_so_and_takes_the_good_ones_along() {
        let (refused, good) = two().with_file(SheetNumber::FIRST, file("a")).refused(SECOND, Refusal::Encrypted);
        assert_eq!((good, refused.files().count()), (vec!["a".to_owned()], 0));
        let said: Vec<_> = refused.iter().map(|sheet| sheet.refusal.as_deref()).collect();
        assert_eq!((said, refused.refusal()), (vec![None, Some("encrypted")], Some("encrypted")));
    }

    #[test]
    fn only_what_never_came_is_said_to_be_missing() {
        let (given_up, good) = two().with_file(SheetNumber::FIRST, file("a")).given_up();
        assert_eq!(good, ["a"]);
        let said: Vec<_> = given_up.iter().map(|sheet| sheet.refusal.as_deref()).collect();
        assert_eq!((said, given_up.never_came()), (vec![None, Some(NOT_UPLOADED)], false));
        assert!(two().given_up().0.never_came() && !two().never_came());
        assert_eq!(given_up.clone().given_up(), (given_up, Vec::new()), "a second time changes nothing");
    }

    #[test]
    fn further_numbers_are_written_in_one_way_alone() {
        assert_eq!(SheetNumber::parse_further("2"), Some(SECOND));
        for text in ["", "0", "1", "02", "+2", " 2", "6", "x"] {
            assert_eq!(SheetNumber::parse_further(text), None, "{text}");
        }
    }
}
