//! Drugs@FDA in small: an archive of the published shape, with a few products of which everybody knows what they are.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Type and number of an application, number of the product, form, strength, name, ingredients, marketing status, code.
type Known = [&'static str; 9];

/// Marketed on prescription, over the counter, and no more; and one whose strengths nobody can part.
const KNOWN: [Known; 6] = [
    ["NDA", "020357", "001", "TABLET;ORAL", "500MG", "GLUCOPHAGE", "METFORMIN HYDROCHLORIDE", "1", "AB"],
    ["NDA", "020702", "001", "TABLET;ORAL", "EQ 10MG BASE", "LIPITOR", "ATORVASTATIN CALCIUM", "1", "AB"],
    ["NDA", "018989", "001", "TABLET;ORAL", "200MG", "ADVIL", "IBUPROFEN", "2", ""],
    ["NDA", "018936", "001", "CAPSULE;ORAL", "EQ 20MG BASE", "PROZAC", "FLUOXETINE HYDROCHLORIDE", "1", "AB"],
    ["NDA", "021042", "001", "TABLET;ORAL", "12.5MG", "VIOXX", "ROFECOXIB", "3", ""],
    [
        "NDA",
        "020527",
        "001",
        "TABLET;ORAL",
        "0.625MG",
        "PREMPRO",
        "ESTROGENS, CONJUGATED; MEDROXYPROGESTERONE ACETATE",
        "1",
        "",
    ],
];

/// The archive.
pub fn drugs_fda() -> Vec<u8> {
    let mut products =
        "ApplNo\tProductNo\tForm\tStrength\tReferenceDrug\tDrugName\tActiveIngredient\tReferenceStandard\r\n"
            .to_owned();
    let mut applications = "ApplNo\tApplType\tApplPublicNotes\tSponsorName\r\n".to_owned();
    let mut statuses = "MarketingStatusID\tApplNo\tProductNo\r\n".to_owned();
    let mut codes = "ApplNo\tProductNo\tMarketingStatusID\tTECode\r\n".to_owned();
    for [sort, number, product, form, strength, name, ingredients, status, code] in KNOWN {
        products += &format!("{number}\t{product}\t{form}\t{strength}\t1\t{name}\t{ingredients}\t0\r\n");
        applications += &format!("{number}\t{sort}\t\tSPONSOR\r\n");
        statuses += &format!("{status}\t{number}\t{product}\r\n");
        if !code.is_empty() {
            codes += &format!("{number}\t{product}\t{status}\t{code}\r\n");
        }
    }
    let lookup = "MarketingStatusID\tMarketingStatusDescription\r\n1\tPrescription\r\n2\tOver-the-counter\r\n";
    let files = [
        ("Products.txt", products.as_str()),
        ("Applications.txt", &applications),
        ("MarketingStatus.txt", &statuses),
        ("MarketingStatus_Lookup.txt", lookup),
        ("TE.txt", &codes),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, text) in files {
        writer.start_file(name, packed).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
