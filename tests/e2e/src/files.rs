//! Files that people upload, good ones and bad ones.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use crate::unique;

/// What a picture's metadata must not give away; it stands in the EXIF of [`jpeg_with_place`].
pub const SECRET_PLACE: &str = "27.7172N 85.3240E";

/// A small picture that no other is like.
fn picture(width: u32, height: u32) -> RgbImage {
    let mut noise = unique()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    RgbImage::from_fn(width, height, |_, _| {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        let [red, green, blue, ..] = noise.to_le_bytes();
        Rgb([red, green, blue])
    })
}

fn encoded(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture(width, height).write_to(&mut file, format).expect("a picture");
    file.into_inner()
}

/// A PNG of its own.
pub fn png() -> Vec<u8> {
    encoded(ImageFormat::Png, 40, 30)
}

/// A larger JPEG whose EXIF says where it was taken.
pub fn jpeg_with_place() -> Vec<u8> {
    let plain = encoded(ImageFormat::Jpeg, 900, 600);
    let exif = exif_with_place();
    let mut file = plain[..2].to_vec();
    file.extend([0xff, 0xe1]);
    file.extend(u16::try_from(exif.len() + 2).expect("a short segment").to_be_bytes());
    file.extend(exif);
    file.extend(&plain[2..]);
    file
}

/// An APP1 segment: a TIFF whose GPS directory holds a latitude reference and an area information.
fn exif_with_place() -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut entry = tag.to_le_bytes().to_vec();
        entry.extend(kind.to_le_bytes());
        entry.extend(count.to_le_bytes());
        entry.extend(value.to_le_bytes());
        entry
    };
    let (gps_at, text_at) = (8 + 2 + 12 + 4, 8 + 2 + 12 + 4 + 2 + 2 * 12 + 4);
    let text_length = u32::try_from(SECRET_PLACE.len()).expect("a short text");
    tiff.extend(1_u16.to_le_bytes());
    tiff.extend(entry(0x8825, 4, 1, gps_at));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(2_u16.to_le_bytes());
    tiff.extend(entry(0x0001, 2, 2, u32::from(b'N')));
    tiff.extend(entry(0x001c, 7, text_length, text_at));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(SECRET_PLACE.as_bytes());
    let mut segment = b"Exif\0\0".to_vec();
    segment.extend(tiff);
    segment
}

/// A drawing with a script in it, which browsers would run.
pub fn svg() -> Vec<u8> {
    b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec()
}

/// A page with a script in it.
pub fn html() -> Vec<u8> {
    b"<!doctype html><html><body><script>alert(1)</script></body></html>".to_vec()
}

/// A document of so many empty pages.
pub fn pdf(pages: usize) -> Vec<u8> {
    document(pages, "")
}

/// A document that runs a script when it is opened.
pub fn pdf_with_script() -> Vec<u8> {
    document(1, " /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")
}

/// A form that draws its page by running.
pub fn pdf_that_runs() -> Vec<u8> {
    document(1, " /AcroForm << /XFA (<xdp/>) >>")
}

fn document(pages: usize, catalog_extra: &str) -> Vec<u8> {
    let kids: Vec<_> = (0..pages).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R{catalog_extra} >>"),
        format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", kids.join(" ")),
    ];
    objects.extend((0..pages).map(|_| "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_owned()));
    // A comment of its own makes it another file each time.
    let mut file = format!("%PDF-1.4\n%{}\n", unique()).into_bytes();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let (start, size) = (file.len(), objects.len() + 1);
    file.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").into_bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    file.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    file
}

/// Whether the bytes hold a text.
pub fn holds(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The width and height of a picture, by decoding all of it.
///
/// # Panics
/// Where it is not one.
pub fn dimensions(file: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory(file).expect("a picture");
    (picture.width(), picture.height())
}
