//! The strings of GS1's own syntax engine (`gtin`, `scandata.c`, `ai.c`), and those of the contract.

use proptest::prelude::*;

use super::*;
use crate::platform::clock::Date;

fn today() -> Date {
    Date::parse("2026-11-20").unwrap()
}

fn read(text: &str) -> Result<Pack, Unreadable> {
    Pack::read(&text.replace('~', "\u{1d}"), today())
}

#[test]
fn check_digits_are_those_of_the_general_specifications() {
    for good in ["02345673", "416000336108", "1234567890128", "12345678901231", "09506000134352", "12312312312333"] {
        assert!(Gtin::parse(good).is_ok(), "{good}");
    }
    for bad in ["1234567890129", "12345678901232", "12345673", "", "0950600013435", "0950600013435x", "095060001343520"]
    {
        assert!(Gtin::parse(bad).is_err(), "{bad}");
    }
    assert!(gtin::checks(b"123456789012345675"), "an SSCC is checked alike");
}

#[test]
fn shorter_numbers_are_filled_up_on_the_left() {
    assert_eq!(Gtin::parse("02345673").unwrap().to_string(), "00000002345673");
    assert_eq!(Gtin::parse("9506000134352").unwrap(), Gtin::parse("09506000134352").unwrap());
}

#[test]
fn a_pack_is_the_same_from_a_scanner_and_in_brackets() {
    let pack = Pack {
        gtin: Gtin::parse("09506000134352").unwrap(),
        expires_on: Some(Date::parse("2028-01-31").unwrap()),
        month_alone: false,
        lot: Some("A1".to_owned()),
        serial: Some("S7".to_owned()),
    };
    for text in [
        "]d201095060001343521728013110A1~21S7",
        "]d2~01095060001343521728013110A1~21S7",
        "01095060001343521728013110A1~21S7",
        "]d2010950600013435221S7~10A1~17280131",
        "]d20109506000134352~17280131~10A1~21S7~",
        "(01)09506000134352(17)280131(10)A1(21)S7",
    ] {
        assert_eq!(read(text).as_ref(), Ok(&pack), "{text}");
    }
}

#[test]
fn strings_of_the_syntax_engine_are_read() {
    let lot = |text: &str| read(text).map(|pack| pack.lot);
    assert_eq!(lot("]C10112312312312333235XYZ~10BATCH"), Ok(Some("BATCH".to_owned())));
    assert_eq!(lot("]e0011231231231233310ABC123~11991225~98XYZ"), Ok(Some("ABC123".to_owned())));
    assert_eq!(lot("]d2011231231231233310ABC~"), Ok(Some("ABC".to_owned())));
    // A bracket in a value is one of the value's characters.
    assert_eq!(lot("(01)12312312312333(10)A(99x)B"), Ok(Some("A(99x)B".to_owned())));
}

#[test]
fn what_is_wrong_is_said() {
    for (text, why) in [
        ("", Unreadable::Length),
        ("]d2", Unreadable::Length),
        ("]C10112312312313~10ABC", Unreadable::BadValue("01")),
        ("]C101123123123129~10ABC", Unreadable::BadValue("01")),
        ("0109506000134353", Unreadable::BadCheckDigit("01")),
        ("010950600013435210", Unreadable::BadValue("10")),
        ("010950600013435217200010", Unreadable::BadDay("17")),
        ("010950600013435217200230", Unreadable::BadDay("17")),
        ("(01)123123123123330", Unreadable::BadValue("01")),
        ("010950600013435210A^B", Unreadable::BadValue("10")),
        ("010950600013435210A B", Unreadable::BadValue("10")),
        ("010950600013435210ABCDEFGHIJKLMNOPQRSTU", Unreadable::BadValue("10")),
        ("01095060001343527003280100", Unreadable::BadValue("7003")),
        ("010950600013435270032801000000", Unreadable::BadDay("7003")),
        ("010950600013435210A~10B", Unreadable::Twice("10")),
        ("10A1~21S7", Unreadable::NoProduct),
        ("010950600013435237", Unreadable::BadValue("37")),
        ("0109506000134352375", Unreadable::Excluded("37")),
        ("[)>~069N111234567842", Unreadable::NotGs1),
        ("]d1https://id.example/01/09506000134352", Unreadable::NotGs1),
        ("]E09506000134352", Unreadable::NotGs1),
        ("https://id.example/01/09506000134352", Unreadable::NotGs1),
        ("(17)9(90)217", Unreadable::BadValue("17")),
    ] {
        assert_eq!(read(text), Err(why), "{text}");
    }
    assert!(matches!(read("0109506000134352890X"), Err(Unreadable::UnknownIdentifier(_))));
    assert_eq!(read(&"9".repeat(257)), Err(Unreadable::Length));
}

#[test]
fn a_lot_of_twenty_characters_fits_and_the_case_of_its_letters_counts() {
    let pack = read("010950600013435210AbCDEFGHIJKLMNOPQRST").unwrap();
    assert_eq!(pack.lot.as_deref(), Some("AbCDEFGHIJKLMNOPQRST"));
}

#[test]
fn a_month_alone_means_its_last_day_and_is_told() {
    let pack = read("(01)09506000134352(17)280200(10)A1").unwrap();
    assert_eq!((pack.expires_on, pack.month_alone), (Some(Date::parse("2028-02-29").unwrap()), true));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        let _ = Pack::read(&text, today());
    }

    #[test]
    fn what_is_written_is_read(lot in "[A-Za-z0-9/_-]{1,20}", serial in "[A-Za-z0-9]{1,20}", day in 1u32..29) {
        let text = format!("]d2010950600013435221{serial}\u{1d}1728{:02}{day:02}10{lot}", 2);
        let pack = Pack::read(&text, today()).unwrap();
        prop_assert_eq!((pack.lot, pack.serial), (Some(lot), Some(serial)));
    }
}
