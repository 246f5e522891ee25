//! PDFs made by hand, good and bad, and some made by a library that others use.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use proptest::prelude::*;

use super::*;

const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";

/// A file of these objects, numbered from 1; the check does not read the table of offsets.
fn file(objects: &[&[u8]], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    for (index, object) in objects.iter().enumerate() {
        bytes.extend(format!("{} 0 obj\n", index + 1).bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    bytes.extend(format!("trailer\n<< /Root 1 0 R {trailer} >>\nstartxref\n0\n%%EOF\n").bytes());
    bytes
}

fn pages(count: usize) -> Vec<u8> {
    let page: &[u8] = b"<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>";
    let mut objects: Vec<&[u8]> = vec![CATALOG.as_bytes(), b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>", b"<< >>"];
    objects.extend(std::iter::repeat_n(page, count));
    file(&objects, "")
}

/// One page, and `object` beside it.
fn with(object: &[u8]) -> Vec<u8> {
    let page: &[u8] = b"<</Type/Page/Parent 2 0 R>>";
    file(&[CATALOG.as_bytes(), b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, object], "")
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    [format!("<< {dictionary} /Length {} >>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

/// An object stream of `objects`, numbered from 10 on.
fn packed(objects: &[&str], extra: &str) -> Vec<u8> {
    let (mut index, mut content) = (String::new(), String::new());
    for (n, object) in objects.iter().enumerate() {
        index.push_str(&format!("{} {} ", n + 10, content.len()));
        content.push_str(object);
        content.push(' ');
    }
    let dictionary = format!("/Type /ObjStm /N {} /First {} /Filter /FlateDecode {extra}", objects.len(), index.len());
    stream(&dictionary, &deflated((index + &content).as_bytes()))
}

#[test]
fn a_plain_file_of_ten_pages_passes_and_one_of_eleven_does_not() {
    assert_eq!(check(&pages(1)), Ok(()));
    assert_eq!(check(&pages(MAX_PAGES)), Ok(()));
    assert_eq!(check(&pages(MAX_PAGES + 1)), Err(Refusal::TooManyPages));
    assert_eq!(check(&pages(0)), Err(Refusal::Unreadable));
}

#[test]
fn a_page_that_was_saved_again_is_one_page() {
    let mut bytes = pages(8);
    for n in 4..12 {
        bytes.extend(format!("{n} 0 obj << /Type /Page /Rotate 90 >> endobj\n").bytes());
    }
    bytes.extend_from_slice(b"startxref\n0\n%%EOF");
    assert_eq!(check(&bytes), Ok(()));
}

#[test]
fn pages_in_object_streams_are_counted() {
    let page = "<< /Type /Page >>";
    assert_eq!(check(&with(&packed(&[page; 9], ""))), Ok(()));
    assert_eq!(check(&with(&packed(&[page; 10], ""))), Err(Refusal::TooManyPages));
}

#[test]
fn what_is_no_pdf_is_not_taken_for_one() {
    for bytes in [&b""[..], b"\x89PNG\r\n\x1a\n", b"<html>%PDF-1.7</html>", b"PK\x03\x04", b" %PDF-1.7", b"%PDF-x"] {
        assert_eq!(check(bytes), Err(Refusal::NotWhatItSays), "{bytes:?}");
    }
}

#[test]
fn a_file_that_was_cut_short_is_unreadable() {
    let whole = pages(2);
    assert_eq!(check(&whole[..whole.len() - 8]), Err(Refusal::Unreadable));
    assert_eq!(check(&whole[..40]), Err(Refusal::Unreadable));
}

#[test]
fn an_encrypted_file_is_named_so() {
    let bytes = file(&[CATALOG.as_bytes(), b"<< /Type /Page >>"], "/Encrypt 5 0 R");
    assert_eq!(check(&bytes), Err(Refusal::Encrypted));
    let hidden = file(&[CATALOG.as_bytes(), b"<< /Type /Page >>"], "/#45ncrypt 5 0 R");
    assert_eq!(check(&hidden), Err(Refusal::Encrypted));
}

#[test]
fn whatever_could_do_something_is_refused() {
    for object in [
        "<< /S /JavaScript /JS (app.alert(1)) >>",
        "<< /S /J#61vaScript /JS (app.alert(1)) >>",
        "<</S/Launch/F(cmd.exe)>>",
        "<< /Names << /EmbeddedFiles 9 0 R >> >>",
        "<< /Type /EmbeddedFile >>",
        "<< /OpenAction 9 0 R >>",
        "<< /OpenAction << /S /URI /URI (https://example.com) >> >>",
        "<< /AcroForm << /XFA 9 0 R >> >>",
        "<< /AcroForm << /XFA[(a) 9 0 R] >> >>",
        "<< /S /SubmitForm >>",
        "<< /Subtype /RichMedia >>",
    ] {
        assert_eq!(check(&with(object.as_bytes())), Err(Refusal::ActiveContent), "{object}");
        assert_eq!(check(&with(&packed(&[object], ""))), Err(Refusal::ActiveContent), "packed: {object}");
        // Where no reader of objects would look: inside of a stream that a table of offsets may point into.
        let inside = stream("", format!("9 0 obj {object} endobj").as_bytes());
        assert_eq!(check(&with(&inside)), Err(Refusal::ActiveContent), "in a stream: {object}");
    }
}

#[test]
fn a_place_to_open_at_is_no_action() {
    assert_eq!(check(&with(b"<< /OpenAction [3 0 R /Fit] >>")), Ok(()));
}

#[test]
fn what_cannot_be_looked_into_is_refused() {
    let script = "<< /S /JavaScript >>";
    let index = "10 0 ";
    let hexadecimal: String = format!("{index}{script}").bytes().map(|byte| format!("{byte:02x}")).collect();
    let objstm = |rest: &str| format!("/Type /ObjStm /N 1 /First {} {rest}", index.len());
    for object in [
        packed(&["<< >>"], "/DecodeParms << /Predictor 2 >>"),
        packed(&["<< >>"], "/F (elsewhere)"),
        stream(&objstm("/Filter /ASCIIHexDecode"), hexadecimal.as_bytes()),
        stream(&objstm("/Filter [/FlateDecode /ASCIIHexDecode]"), &deflated(hexadecimal.as_bytes())),
        stream(&objstm("/Filter [/FlateDecode /FlateDecode]"), &deflated(&deflated(script.as_bytes()))),
        stream(&objstm("/Filter 9 0 R"), &deflated(format!("{index}{script}").as_bytes())),
        stream(&objstm("/Filter /FlateDecode"), b"not deflated"),
        stream("/Type /ObjStm /Filter /FlateDecode", &deflated(script.as_bytes())),
        b"<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode >>".to_vec(),
    ] {
        assert_eq!(check(&with(&object)), Err(Refusal::Unreadable), "{}", String::from_utf8_lossy(&object));
    }
    // An object stream that is not where an object begins.
    let hidden = [b"(".as_slice(), &packed(&["<< >>"], ""), b")"].concat();
    assert_eq!(check(&with(&hidden)), Err(Refusal::Unreadable));
}

#[test]
fn a_bomb_costs_no_more_than_the_budget() {
    let zeros = deflated(&vec![b' '; 128 * 1024 * 1024]);
    assert!(zeros.len() < 256 * 1024);
    let dictionary = "/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode";
    let comments = [b"1 0 obj%".repeat(500_000), b"\n".to_vec()].concat();
    let nested = b"1 0 obj<<".repeat(400_000);
    let many: Vec<u8> =
        (0..3000).flat_map(|_| [b"7 0 obj ".as_slice(), &stream(dictionary, &zeros[..200])].concat()).collect();
    let numbers = [b"<< /A [".as_slice(), &b"1 ".repeat(4_000_000), b"] >>"].concat();
    let names = b"/XFA%".repeat(1_000_000);
    for (what, object, verdict) in [
        ("zeros", stream(dictionary, &zeros), Err(Refusal::TooLarge)),
        ("comments", comments, Err(Refusal::TooLarge)),
        ("nested dictionaries", nested, Err(Refusal::TooLarge)),
        ("many streams", many, Err(Refusal::Unreadable)),
        ("numbers", numbers, Err(Refusal::TooLarge)),
        ("names before comments", names, Err(Refusal::ActiveContent)),
        ("open strings", b"1 0 obj<<(".repeat(400_000), Err(Refusal::TooLarge)),
        ("brackets", b"[".repeat(4_000_000), Ok(())),
    ] {
        assert_eq!(check(&with(&object)), verdict, "{what}");
    }
}

#[test]
fn files_of_another_maker_pass() {
    use lopdf::{Document, Object, SaveOptions, Stream, dictionary};
    let mut document = Document::with_version("1.7");
    let tree = document.new_object_id();
    let content = Stream::new(dictionary! {}, b"BT /F1 12 Tf 50 700 Td (Amoxicillin 500 mg) Tj ET".to_vec());
    let content = document.add_object(content);
    let kids: Vec<Object> = (0..3)
        .map(|_| document.add_object(dictionary! {"Type" => "Page", "Parent" => tree, "Contents" => content}).into())
        .collect();
    let count = 3;
    document.objects.insert(tree, dictionary! {"Type" => "Pages", "Kids" => kids, "Count" => count}.into());
    let catalog = document.add_object(dictionary! {"Type" => "Catalog", "Pages" => tree});
    document.trailer.set("Root", catalog);
    document.compress();
    let mut plain = Vec::new();
    document.save_to(&mut plain).unwrap();
    assert_eq!(check(&plain), Ok(()));
    let mut modern = Vec::new();
    let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
    document.save_with_options(&mut modern, options).unwrap();
    assert!(contains(&modern, b"/ObjStm"));
    assert_eq!(check(&modern), Ok(()));
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail_otherwise(noise in prop::collection::vec(any::<u8>(), 0..300), at in 0usize..400) {
        let mut bytes = with(&packed(&["<< /Type /Page >>"], ""));
        let at = at.min(bytes.len());
        bytes.splice(at..at, noise);
        let _verdict: Result<(), Refusal> = check(&bytes);
    }
}
