//! PDFs made by hand, good and hostile. What they become is read by a library that had no part in making it.

use std::collections::BTreeSet;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Document, Object as Old};
use proptest::prelude::*;

use super::*;

const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";
const TREE: &str = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE: &str =
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>";
const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
const WORDS: &[u8] = b"BT /F1 12 Tf 50 300 Td (Amoxicillin 500 mg) Tj ET";

/// A file of these objects, numbered from 1.
fn file(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n", index + 1).bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    bytes.extend(format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n").bytes());
    bytes
}

fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    [format!("<< {dictionary} /Length {} >>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

fn zipped(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// One page with words on it, with objects from number 6 on beside it.
fn with(catalog: &str, page: &str, more: &[&[u8]]) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = vec![catalog.into(), TREE.into(), page.into(), stream("", WORDS), FONT.into()];
    objects.extend(more.iter().map(|object| object.to_vec()));
    file(&objects, "")
}

fn plain() -> Vec<u8> {
    with(CATALOG, PAGE, &[])
}

/// A page with `extra` in its dictionary.
fn page_with(extra: &str) -> String {
    PAGE.replace("/Type /Page ", &format!("/Type /Page {extra} "))
}

fn read(rebuilt: &[u8]) -> Document {
    Document::load_mem(rebuilt).unwrap()
}

/// What the pages of a rebuilt document draw.
fn drawn(rebuilt: &[u8]) -> Vec<String> {
    let document = read(rebuilt);
    let words = |page| String::from_utf8_lossy(&document.get_page_content(page)).trim_end().to_owned();
    document.page_iter().map(words).collect()
}

/// Every name in a document, of keys and of values, on all levels.
fn names(document: &Document) -> BTreeSet<String> {
    fn look(object: &Old, found: &mut BTreeSet<String>) {
        let mut entries = |dict: &lopdf::Dictionary| {
            for (key, value) in dict {
                found.insert(String::from_utf8_lossy(key).into_owned());
                look(value, found);
            }
        };
        match object {
            Old::Dictionary(dict) => entries(dict),
            Old::Stream(stream) => entries(&stream.dict),
            Old::Array(items) => items.iter().for_each(|item| look(item, found)),
            Old::Name(name) => {
                found.insert(String::from_utf8_lossy(name).into_owned());
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    document.objects.values().for_each(|object| look(object, &mut found));
    found
}

const FORBIDDEN: [&str; 24] = [
    "JavaScript",
    "JS",
    "Launch",
    "EmbeddedFile",
    "EmbeddedFiles",
    "EF",
    "Filespec",
    "RichMedia",
    "Rendition",
    "SubmitForm",
    "ImportData",
    "GoToE",
    "GoToR",
    "OpenAction",
    "AA",
    "Names",
    "AcroForm",
    "Named",
    "Sound",
    "Movie",
    "3D",
    "OCProperties",
    "Metadata",
    "Next",
];

fn assert_harmless(rebuilt: &[u8], what: &str) {
    let found = names(&read(rebuilt));
    for name in FORBIDDEN {
        assert!(!found.contains(name), "{what}: {name} is left in {found:?}");
    }
    assert!(drawn(rebuilt).iter().any(|page| page.contains("Amoxicillin 500 mg")), "{what}: the words are gone");
}

#[test]
fn a_page_keeps_its_words_its_font_and_its_size() {
    let rebuilt = rebuild(&plain()).unwrap();
    let document = read(&rebuilt);
    let page = document.page_iter().next().unwrap();
    assert_eq!(drawn(&rebuilt), [String::from_utf8_lossy(WORDS)]);
    let fonts = document.get_page_fonts(page).unwrap();
    assert_eq!(fonts[b"F1".as_slice()].get(b"BaseFont").unwrap().as_name().unwrap(), b"Helvetica");
    let size = document.get_dictionary(page).unwrap().get(b"MediaBox").unwrap().as_array().unwrap();
    assert_eq!(size.iter().map(|n| n.as_i64().unwrap()).collect::<Vec<_>>(), [0, 0, 300, 400]);
    assert_harmless(&rebuilt, "a plain page");
}

#[test]
fn the_same_file_always_gives_the_same_document_and_a_rebuilt_one_stays_as_it_is() {
    let once = rebuild(&plain()).unwrap();
    assert_eq!(rebuild(&plain()).unwrap(), once);
    assert_eq!(rebuild(&once).unwrap(), once);
}

#[test]
fn whatever_could_do_something_is_left_behind() {
    let script = "<< /S /JavaScript /JS (app.alert(1)) >>";
    let annotation = |text: &str| page_with(&format!("/Annots [<< /Type /Annot /Rect [0 0 9 9] {text} >>]"));
    let catalog = |text: &str| CATALOG.replace("/Type /Catalog ", &format!("/Type /Catalog {text} "));
    let attachment = stream("/Subtype /application#2Fpdf", b"%PDF-");
    for (what, catalog, page) in [
        ("a script at opening", catalog(&format!("/OpenAction {script}")), PAGE.to_owned()),
        ("printing at opening", catalog("/OpenAction << /S /Named /N /Print >>"), PAGE.to_owned()),
        ("a named script", catalog(&format!("/Names << /JavaScript << /Names [(a) {script}] >> >>")), PAGE.to_owned()),
        (
            "an attachment",
            catalog("/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (a) /EF << /F 6 0 R >> >>] >> >>"),
            PAGE.to_owned(),
        ),
        ("an associated file", catalog("/AF [<< /Type /Filespec /F (a) /EF << /F 6 0 R >> >>]"), PAGE.to_owned()),
        (
            "a form that sends",
            catalog("/AcroForm << /Fields [] >>"),
            annotation("/Subtype /Widget /FT /Btn /A << /S /SubmitForm /F (http://a) >>"),
        ),
        ("actions of the document", catalog(&format!("/AA << /WC {script} >>")), PAGE.to_owned()),
        ("actions of a page", CATALOG.to_owned(), page_with(&format!("/AA << /O {script} >>"))),
        ("a program", CATALOG.to_owned(), annotation("/Subtype /Link /A << /S /Launch /F (cmd.exe) >>")),
        ("another file", CATALOG.to_owned(), annotation("/Subtype /Link /A << /S /GoToR /F (a.pdf) /D [0 /Fit] >>")),
        (
            "a script behind a link",
            CATALOG.to_owned(),
            annotation("/Subtype /Link /A << /S /URI /URI (javascript:alert(1)) >>"),
        ),
        (
            "a file behind a link",
            CATALOG.to_owned(),
            annotation("/Subtype /Link /A << /S /URI /URI (file:///etc/passwd) >>"),
        ),
        (
            "what comes after a link",
            CATALOG.to_owned(),
            annotation(&format!("/Subtype /Link /A << /S /URI /URI (https://example.org/) /Next {script} >>")),
        ),
        ("a sound", CATALOG.to_owned(), annotation("/Subtype /Sound /Sound 6 0 R")),
        ("a film", CATALOG.to_owned(), annotation("/Subtype /Movie /Movie << /F (a.avi) >>")),
        ("a screen", CATALOG.to_owned(), annotation("/Subtype /Screen /A << /S /Rendition /JS (1) >>")),
        ("a model", CATALOG.to_owned(), annotation("/Subtype /3D /3DD << /Type /3D /OnInstantiate 6 0 R >>")),
        (
            "an attachment on the page",
            CATALOG.to_owned(),
            annotation("/Subtype /FileAttachment /FS << /EF << /F 6 0 R >> >>"),
        ),
        ("metadata", catalog("/Metadata 6 0 R"), page_with("/Metadata 6 0 R /PieceInfo << >>")),
        ("layers", catalog("/OCProperties << /OCGs [] /D << /BaseState /OFF >> >>"), PAGE.to_owned()),
        ("unknown keys", catalog("/Wh#61tever << /S /JavaScript /JS 6 0 R >>"), page_with("/Whatever 6 0 R")),
    ] {
        let rebuilt =
            rebuild(&with(&catalog, &page, &[&attachment])).unwrap_or_else(|refusal| panic!("{what}: {refusal:?}"));
        assert_harmless(&rebuilt, what);
        let all = names(&read(&rebuilt));
        assert!(!all.contains("Whatever") && !all.contains("application/pdf"), "{what}: {all:?}");
        assert!(!String::from_utf8_lossy(&rebuilt).contains("alert"), "{what}");
    }
}

#[test]
fn links_to_the_web_stay_and_no_others() {
    let links = [
        "https://example.org/a?b=c",
        "HTTPS://example.org",
        "http://example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "https://example.org/\\040x",
        "mailto:a@example.org",
    ];
    let annotations: String = links
        .iter()
        .map(|link| format!("<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI ({link}) >> >> "))
        .collect();
    let rebuilt = rebuild(&with(CATALOG, &page_with(&format!("/Annots [{annotations}]")), &[])).unwrap();
    let document = read(&rebuilt);
    let page = document.page_iter().next().unwrap();
    let kept: Vec<_> = document
        .get_page_annotations(page)
        .unwrap()
        .into_iter()
        .map(|annotation| {
            let action = annotation.get(b"A").unwrap().as_dict().unwrap();
            String::from_utf8(action.get(b"URI").unwrap().as_str().unwrap().to_vec()).unwrap()
        })
        .collect();
    assert_eq!(kept, ["https://example.org/a?b=c", "HTTPS://example.org"]);
}

#[test]
fn what_is_drawn_on_top_of_a_page_becomes_part_of_it() {
    let appearance = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 10 20] /Resources << /Font << /F1 5 0 R >> >>",
        b"BT (2 daily) Tj ET",
    );
    for annotation in [
        "/Subtype /Widget /FT /Tx /V (2 daily) /AP << /N 6 0 R >>",
        "/Subtype /Stamp /AP << /N 6 0 R >>",
        "/Subtype /Widget /FT /Btn /AS /On /AP << /N << /On 6 0 R >> >>",
    ] {
        let page = page_with(&format!("/Annots [<< /Rect [100 50 120 90] {annotation} >>]"));
        let rebuilt = rebuild(&with(CATALOG, &page, &[&appearance])).unwrap();
        assert_harmless(&rebuilt, annotation);
        // Twice as large, and moved to its corner.
        assert!(drawn(&rebuilt)[0].contains("q 2 0 0 2 100 50 cm /on-top-0 Do Q"), "{:?}", drawn(&rebuilt));
        let forms = read(&rebuilt).objects.into_values().filter_map(|object| {
            object
                .as_stream()
                .ok()
                .filter(|stream| stream.dict.has(b"BBox"))
                .map(|stream| stream.get_plain_content().unwrap())
        });
        assert_eq!(forms.collect::<Vec<_>>(), [b"BT (2 daily) Tj ET"]);
    }
    let hidden = page_with("/Annots [<< /Rect [0 0 9 9] /F 2 /Subtype /Stamp /AP << /N 6 0 R >> >>]");
    assert_eq!(drawn(&rebuild(&with(CATALOG, &hidden, &[&appearance])).unwrap()), [String::from_utf8_lossy(WORDS)]);
}

#[test]
fn what_only_a_viewer_could_draw_is_refused_and_not_lost() {
    for annotation in [
        "/Subtype /FreeText /Contents (not 500 but 50)",
        "/Subtype /Widget /FT /Tx /V (50 mg)",
        "/Subtype /Ink /InkList []",
    ] {
        let page = page_with(&format!("/Annots [<< /Rect [0 0 9 9] {annotation} >>]"));
        assert_eq!(rebuild(&with(CATALOG, &page, &[])), Err(Refusal::ActiveContent), "{annotation}");
    }
    let xfa = CATALOG.replace("/Type /Catalog ", "/Type /Catalog /AcroForm << /XFA [(a) 6 0 R] >> ");
    assert_eq!(rebuild(&with(&xfa, PAGE, &[b"<< >>"])), Err(Refusal::ActiveContent));
}

/// A file whose tree has these kids.
fn tree(kids: &str, more: &[&[u8]]) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = vec![
        CATALOG.into(),
        format!("<< /Type /Pages /MediaBox [0 0 300 400] /Kids [{kids}] /Count 1 >>").into(),
        PAGE.into(),
        stream("", WORDS),
        FONT.into(),
    ];
    objects.extend(more.iter().map(|object| object.to_vec()));
    file(&objects, "")
}

fn count(bytes: &[u8]) -> Result<usize, Refusal> {
    rebuild(bytes).map(|rebuilt| read(&rebuilt).page_iter().count())
}

#[test]
fn pages_are_counted_as_viewers_count_them() {
    let direct = "<< /Parent 2 0 R /Contents 4 0 R >> ";
    assert_eq!(count(&tree("3 0 R", &[])), Ok(1));
    assert_eq!(count(&tree(&"3 0 R ".repeat(10), &[])), Ok(10), "the same page again is another page");
    assert_eq!(count(&tree(&"3 0 R ".repeat(11), &[])), Err(Refusal::TooManyPages));
    assert_eq!(count(&tree(&"3 0 R ".repeat(1000), &[])), Err(Refusal::TooManyPages));
    assert_eq!(count(&tree(&direct.repeat(4), &[])), Ok(4), "pages in the array, without a type");
    assert_eq!(count(&tree(&direct.repeat(11), &[])), Err(Refusal::TooManyPages));
    // A node without a type, twice, and one that says it is something else.
    let node: &[u8] = b"<< /Kids [3 0 R 3 0 R] >>";
    assert_eq!(count(&tree("6 0 R 6 0 R", &[node])), Ok(4));
    assert_eq!(count(&tree("6 0 R", &[b"<< /Type /Font /Kids [3 0 R 3 0 R 3 0 R] >>"])), Ok(3));
    assert_eq!(count(&tree("", &[])), Err(Refusal::Unreadable));
    assert_eq!(count(&tree("99 0 R", &[])), Err(Refusal::Unreadable), "nothing is where the page should be");
}

#[test]
fn a_tree_that_goes_round_in_circles_ends() {
    assert_eq!(count(&tree("2 0 R", &[])), Err(Refusal::Unreadable));
    assert_eq!(count(&tree("6 0 R", &[b"<< /Kids [7 0 R] >>", b"<< /Kids [6 0 R] >>"])), Err(Refusal::Unreadable));
    let wide = "6 0 R ".repeat(10);
    let nodes: Vec<Vec<u8>> =
        (7..15).map(|n| format!("<< /Kids [{}] >>", format!("{n} 0 R ").repeat(10)).into()).collect();
    let nodes: Vec<&[u8]> = nodes.iter().map(Vec::as_slice).collect();
    assert_eq!(count(&tree(&wide, &nodes)), Err(Refusal::TooLarge));
}

#[test]
fn what_pages_have_from_above_comes_along() {
    let page: &[u8] = b"<< /Type /Page /Contents 4 0 R >>";
    let node: &[u8] = b"<< /Type /Pages /Kids [7 0 R] /Rotate 90 /Resources << /Font << /F1 5 0 R >> >> >>";
    let document = read(&rebuild(&tree("6 0 R", &[node, page])).unwrap());
    let id = document.page_iter().next().unwrap();
    let page = document.get_dictionary(id).unwrap();
    assert_eq!(page.get(b"Rotate").unwrap().as_i64().unwrap(), 90);
    assert_eq!(page.get(b"MediaBox").unwrap().as_array().unwrap().len(), 4);
    assert_eq!(document.get_page_fonts(id).unwrap().len(), 1);
}

/// A file whose objects from the page on are in an object stream with this dictionary.
fn packed(kind: &str) -> Vec<u8> {
    let objects = [(3, page_with("/AA << /O << /S /JavaScript /JS (alert(1)) >> >>")), (5, FONT.to_owned())];
    let (mut index, mut content) = (String::new(), String::new());
    for (n, object) in &objects {
        index.push_str(&format!("{n} {} ", content.len()));
        content.push_str(object);
        content.push(' ');
    }
    let dictionary = format!("{kind} /N 2 /First {} /Filter /FlateDecode", index.len());
    let container = stream(&dictionary, &zipped((index + &content).as_bytes()));
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in [(1, CATALOG.as_bytes().to_vec()), (2, TREE.into()), (4, stream("", WORDS)), (6, container)] {
        places.push(bytes.len());
        bytes.extend([format!("{n} 0 obj\n").as_bytes(), &object, b"\nendobj\n"].concat());
    }
    let table = bytes.len();
    let mut rows: Vec<[u8; 4]> = vec![[0, 0, 0, 0]];
    let at = |place: usize| u16::try_from(place).unwrap().to_be_bytes();
    let plain = |place: usize| [1, at(place)[0], at(place)[1], 0];
    rows.extend([
        plain(places[0]),
        plain(places[1]),
        [2, 0, 6, 0],
        plain(places[2]),
        [2, 0, 6, 1],
        plain(places[3]),
        plain(table),
    ]);
    let rows = rows.concat();
    bytes.extend_from_slice(b"7 0 obj\n");
    bytes.extend(stream("/Type /XRef /Size 8 /W [1 2 1] /Root 1 0 R", &rows));
    bytes.extend(format!("\nendobj\nstartxref\n{table}\n%%EOF\n").bytes());
    bytes
}

#[test]
fn objects_in_object_streams_are_read_whatever_those_say_they_are() {
    for kind in ["/Type /ObjStm", "", "/Type /Whatever"] {
        let rebuilt = rebuild(&packed(kind)).unwrap();
        assert_harmless(&rebuilt, kind);
    }
}

#[test]
fn pictures_come_along_as_they_are_and_fonts_and_masks_with_them() {
    let image = stream(
        "/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB 1 <ff0000 0000ff>] \
         /SMask 7 0 R /OPI << /Evil true >> /Alternates [] /Metadata 9 0 R /Filter [/ASCIIHexDecode]",
        b"0001>",
    );
    let mask = stream("/Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", b"\xff\x80");
    let script = stream("/Subtype /PS", b"showpage");
    let page = PAGE.replace("/Font <<", "/Properties << /a 9 0 R >> /XObject << /I 6 0 R /P 8 0 R >> /Font <<");
    let rebuilt = rebuild(&with(CATALOG, &page, &[&image, &mask, &script, b"<< /OCGs [] >>"])).unwrap();
    let document = read(&rebuilt);
    let id = document.page_iter().next().unwrap();
    let images = document.get_page_images(id).unwrap();
    assert_eq!(images.len(), 1);
    assert_eq!((images[0].width, images[0].content), (2, b"0001>".as_slice()));
    let found = names(&document);
    for gone in ["OPI", "Alternates", "Metadata", "PS", "Properties", "OCGs"] {
        assert!(!found.contains(gone), "{gone}");
    }
    assert!(found.contains("SMask") && found.contains("Indexed"));
}

#[test]
fn what_is_no_pdf_is_not_taken_for_one() {
    for bytes in [&b""[..], b"\x89PNG\r\n\x1a\n", b"<html>%PDF-1.7</html>", b"PK\x03\x04", b" %PDF-1.7", b"%PDF-x"] {
        assert_eq!(rebuild(bytes), Err(Refusal::NotWhatItSays), "{bytes:?}");
    }
}

#[test]
fn a_file_that_was_cut_short_is_unreadable() {
    let whole = plain();
    for keep in [40, whole.len() / 2, whole.len() - 8] {
        assert_eq!(rebuild(&whole[..keep]), Err(Refusal::Unreadable));
    }
}

#[test]
fn an_encrypted_file_is_named_so() {
    for trailer in ["/Encrypt 5 0 R", "/#45ncrypt 5 0 R"] {
        let objects: Vec<Vec<u8>> = vec![CATALOG.into(), TREE.into(), PAGE.into(), stream("", WORDS), FONT.into()];
        assert_eq!(rebuild(&file(&objects, trailer)), Err(Refusal::Encrypted), "{trailer}");
    }
}

#[test]
fn contents_that_cannot_be_read_are_not_left_out() {
    for contents in [
        stream("/Filter /Whatever", WORDS),
        stream("/Filter [/Crypt /FlateDecode]", &zipped(WORDS)),
        stream("/Filter /DCTDecode", WORDS),
    ] {
        let objects: Vec<Vec<u8>> = vec![CATALOG.into(), TREE.into(), PAGE.into(), contents, FONT.into()];
        assert_eq!(rebuild(&file(&objects, "")), Err(Refusal::Unreadable));
    }
}

#[test]
fn a_bomb_costs_no_more_than_the_budget() {
    let zeros = zipped(&vec![b' '; 330 * 1024 * 1024]);
    assert!(zeros.len() < 1024 * 1024);
    let twice = zipped(&zeros);
    let contents = |data: &[u8]| {
        let objects: Vec<Vec<u8>> =
            vec![CATALOG.into(), TREE.into(), PAGE.into(), stream("/Filter /FlateDecode", data), FONT.into()];
        file(&objects, "")
    };
    let page = |n: usize| PAGE.replace("/F1 5 0 R", &"/F1 5 0 R ".repeat(n));
    let many: Vec<u8> = (0..4000).flat_map(|_| stream("/Filter /FlateDecode", &zeros[..400])).collect();
    let huge = PAGE.replace("/Font <<", "/XObject << /I 6 0 R >> /Font <<");
    let image: Vec<u8> =
        stream("/Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 1 /Filter /CCITTFaxDecode", b"x");
    for (what, bytes, verdict) in [
        ("zeros", contents(&zeros), Refusal::TooLarge),
        ("zeros, zipped again", contents(&twice), Refusal::TooLarge),
        ("many streams", with(CATALOG, PAGE, &[&many]), Refusal::TooLarge),
        ("dictionaries", with(CATALOG, PAGE, &[&b"<<>>".repeat(300_000)]), Refusal::TooLarge),
        (
            "dictionaries, zipped",
            with(CATALOG, PAGE, &[&stream("", &zipped(&b"<<>>".repeat(300_000)))]),
            Refusal::TooLarge,
        ),
        ("LZW", with(CATALOG, PAGE, &[&stream("/Filter /LZWDecode", b"x")]), Refusal::Unreadable),
        ("a picture", with(CATALOG, &huge, &[&image]), Refusal::TooLarge),
    ] {
        assert_eq!(rebuild(&bytes), Err(verdict), "{what}");
    }
    // A repeated key is one key.
    assert!(rebuild(&with(CATALOG, &page(10_000), &[])).is_ok());
}

#[test]
fn deep_and_endless_structures_end() {
    let deep = |n: usize| {
        format!("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Widths {}1{} >>", "[".repeat(n), "]".repeat(n))
    };
    let with_font = |font: &str| {
        let objects: Vec<Vec<u8>> = vec![CATALOG.into(), TREE.into(), PAGE.into(), stream("", WORDS), font.into()];
        rebuild(&file(&objects, ""))
    };
    assert!(with_font(&deep(10)).is_ok());
    assert_eq!(with_font(&deep(200)), Err(Refusal::TooLarge));
    // Deeper than the reader reads: to it there is no font.
    assert!(with_font(&deep(100_000)).is_ok());
    assert!(with_font("<< /Type /Font /Subtype /Type0 /DescendantFonts [5 0 R] >>").is_ok(), "itself");
    let form = stream("/Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X 6 0 R >> >>", b"/X Do");
    let page = PAGE.replace("/Font <<", "/XObject << /X 6 0 R >> /Font <<");
    assert!(rebuild(&with(CATALOG, &page, &[&form])).is_ok());
}

#[test]
fn files_of_another_maker_are_rebuilt() {
    use lopdf::{SaveOptions, Stream, dictionary};
    let mut document = Document::with_version("1.7");
    let tree = document.new_object_id();
    let content = document.add_object(Stream::new(dictionary! {}, WORDS.to_vec()));
    let kids: Vec<Old> = (0..3)
        .map(|_| document.add_object(dictionary! {"Type" => "Page", "Parent" => tree, "Contents" => content}).into())
        .collect();
    document.objects.insert(tree, dictionary! {"Type" => "Pages", "Kids" => kids, "Count" => 3}.into());
    let catalog = document.add_object(dictionary! {"Type" => "Catalog", "Pages" => tree});
    document.trailer.set("Root", catalog);
    document.compress();
    let mut old = Vec::new();
    document.save_to(&mut old).unwrap();
    let mut modern = Vec::new();
    let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
    document.save_with_options(&mut modern, options).unwrap();
    for bytes in [old, modern] {
        assert_eq!(drawn(&rebuild(&bytes).unwrap()), vec![String::from_utf8_lossy(WORDS); 3]);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail_otherwise(noise in prop::collection::vec(any::<u8>(), 0..60), at in 0usize..1200, packed_ in any::<bool>()) {
        let mut bytes = if packed_ { packed("/Type /ObjStm") } else { plain() };
        let at = at.min(bytes.len());
        let end = at.saturating_add(noise.len()).min(bytes.len());
        bytes.splice(at..end, noise);
        if let Ok(rebuilt) = rebuild(&bytes) {
            let found = names(&read(&rebuilt));
            prop_assert!(FORBIDDEN.iter().all(|name| !found.contains(*name)), "{:?}", found);
        }
    }
}
