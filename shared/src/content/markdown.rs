//! The text of a page: CommonMark (version 0.31) without HTML, with links to https, to this site and to places in the page
//! alone, and with the page's own pictures. What a text must not have is refused when it is written, and left out once more
//! when it is shown.

use std::collections::BTreeSet;
use std::fmt::Write;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd, html};

use super::page::PageImage;
use crate::platform::fields::Invalid;
use crate::platform::ids::ImageId;
use crate::platform::text;
use crate::platform::wording;

/// The most bytes of a text.
pub const MAX_BYTES: usize = 64 * 1024;

/// How a text names one of its pictures: `![a pack](image:img_01J…)`.
const IMAGE: &str = "image:";

fn events(body: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(body, Options::empty())
}

/// Reads a text.
///
/// # Errors
/// Empty or too long; `raw_html`; `invalid_link`, `invalid_image`.
pub fn parse(body: &str) -> Result<String, Invalid> {
    if body.len() > MAX_BYTES {
        return Err(Invalid::new("too_long", wording::field::bytes_at_most(MAX_BYTES)));
    }
    let body = text::paragraph(body, MAX_BYTES)?;
    for event in events(&body) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                return Err(Invalid::new("raw_html", wording::content::raw_html()));
            }
            Event::Start(Tag::Link { link_type, dest_url, .. }) if !is_link(link_type, &dest_url) => {
                let told = wording::content::a_link();
                return Err(Invalid::new("invalid_link", told));
            }
            Event::Start(Tag::Image { dest_url, .. }) if image(&dest_url).is_none() => {
                return Err(Invalid::new("invalid_image", wording::content::a_picture()));
            }
            _ => {}
        }
    }
    Ok(body)
}

/// Whether a link may be there. A path that begins with two slashes leads to another host.
fn is_link(kind: LinkType, to: &str) -> bool {
    let outside = to.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
    let inside = to.starts_with('#') || to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\");
    kind == LinkType::Email || outside || inside
}

fn image(to: &str) -> Option<ImageId> {
    ImageId::parse(to.strip_prefix(IMAGE)?).ok()
}

/// The pictures that a text names.
pub fn images(body: &str) -> BTreeSet<ImageId> {
    let named = events(body).filter_map(|event| match event {
        Event::Start(Tag::Image { dest_url, .. }) => image(&dest_url),
        _ => None,
    });
    named.collect()
}

/// A text as HTML that is safe to show, with `images` where it names them; `media` is where they are seen from outside.
pub fn to_html(body: &str, images: &[PageImage], media: &str) -> String {
    // A picture whose file is not known is its own description.
    let mut unknown = 0_u32;
    let mut refused = 0_u32;
    let safe = events(body).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            if is_link(link_type, &dest_url) {
                return Some(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            refused += 1;
            None
        }
        Event::End(TagEnd::Link) if refused > 0 => {
            refused -= 1;
            None
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let named = image(&dest_url).and_then(|wanted| images.iter().find(|image| image.id == wanted));
            match named {
                Some(image) => {
                    let dest_url = format!("{media}/{}", image.key).into();
                    Some(Event::Start(Tag::Image { link_type, dest_url, title, id }))
                }
                None => {
                    unknown += 1;
                    None
                }
            }
        }
        Event::End(TagEnd::Image) if unknown > 0 => {
            unknown -= 1;
            None
        }
        other => Some(other),
    });
    let mut page = String::new();
    html::push_html(&mut page, safe);
    page
}

/// A text with what HTML reads otherwise spelt out.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' => {
                // Writing to a string does not fail.
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// A part of a text under a heading of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The heading; none before the first.
    pub heading: Option<String>,
    /// What stands under it, as plain text: a line for each paragraph and each item of a list.
    pub lines: Vec<String>,
}

/// The sections of a text, as plain text.
pub fn sections(body: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let (mut line, mut in_heading) = (String::new(), false);
    for event in events(body) {
        match event {
            Event::Start(Tag::Heading { .. }) => in_heading = true,
            Event::End(TagEnd::Heading(_)) => {
                in_heading = false;
                sections
                    .push(Section { heading: Some(std::mem::take(&mut line).trim().to_owned()), lines: Vec::new() });
            }
            Event::Text(text) | Event::Code(text) => line.push_str(&text),
            Event::SoftBreak | Event::HardBreak => line.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock) if !in_heading => {
                let whole = std::mem::take(&mut line).trim().to_owned();
                if let Some(section) = sections.last_mut().filter(|_| !whole.is_empty()) {
                    section.lines.push(whole);
                }
            }
            _ => {}
        }
    }
    sections.retain(|section| !section.lines.is_empty());
    sections
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const IMG: &str = "img_01J9Z3NDEKTSV4RRFFQ69G5FAV";

    fn refusal(body: &str) -> Option<&'static str> {
        parse(body).err().map(|invalid| invalid.code)
    }

    #[test]
    fn html_is_refused_wherever_it_stands() {
        for wrong in ["<script>x</script>", "a <b>b</b>", "<!-- c -->", "- <img src=x onerror=y>", "> <div>\n> x"] {
            assert_eq!(refusal(wrong), Some("raw_html"), "{wrong}");
        }
        for fine in ["a < b and c > d", "`<b>`", "As:\n\n    <b>code</b>", "\\<b>", "**bold** _it_"] {
            assert_eq!(refusal(fine), None, "{fine}");
        }
    }

    #[test]
    fn links_lead_where_they_may() {
        for wrong in [
            "[x](http://a.b)",
            "[x](javascript:alert(1))",
            "[x](JavaScript:alert(1))",
            "[x](data:text/html,x)",
            "[x](//evil.example)",
            "[x](/\\evil.example)",
            "<ftp://a.b>",
            "[x]\n\n[x]: http://a.b",
            "[x](relative)",
            "[x](https://)",
        ] {
            assert_eq!(refusal(wrong), Some("invalid_link"), "{wrong}");
        }
        for fine in ["[x](https://a.b/c)", "<https://a.b>", "[x](/pages/y)", "[x](#z)", "<a@b.example>"] {
            assert_eq!(refusal(fine), None, "{fine}");
        }
    }

    #[test]
    fn pictures_are_the_pages_own() {
        for wrong in
            ["![x](https://a.b/c.png)", "![x](image:1)", "![x](/c.png)", "![x](image:prd_01J9Z3NDEKTSV4RRFFQ69G5FAV)"]
        {
            assert_eq!(refusal(wrong), Some("invalid_image"), "{wrong}");
        }
        let body = format!("A ![a pack](image:{IMG}) b");
        assert_eq!(refusal(&body), None);
        assert_eq!(images(&body), BTreeSet::from([ImageId::parse(IMG).unwrap()]));
        let image = PageImage {
            id: ImageId::parse(IMG).unwrap(),
            key: "public/pages/1.png".to_owned(),
            width: 1,
            height: 1,
            sources: Vec::new(),
        };
        let shown = to_html(&body, &[image], "https://media.example");
        assert!(shown.contains("src=\"https://media.example/public/pages/1.png\" alt=\"a pack\""), "{shown}");
        assert_eq!(to_html(&body, &[], "https://media.example"), "<p>A a pack b</p>\n");
    }

    #[test]
    fn what_was_not_refused_in_time_is_left_out_when_it_is_shown() {
        let shown = to_html("<script>x</script>\n\n[y](javascript:z) <i>w</i> [v](https://a.b)", &[], "");
        assert!(!shown.contains("<script") && !shown.contains("javascript") && !shown.contains("<i>"), "{shown}");
        assert!(shown.contains("y &lt;i&gt;w&lt;/i&gt; <a href=\"https://a.b\">v</a>"), "{shown}");
    }

    #[test]
    fn a_text_falls_into_its_sections() {
        let found = sections(
            "First.\n\n## Uses\nFor *pain*\nand fever.\n\n- one\n- two\n\n## Empty\n\n### Side `effects`\n1. Rash",
        );
        let flat: Vec<_> = found.iter().map(|one| (one.heading.as_deref(), one.lines.join("|"))).collect();
        assert_eq!(
            flat,
            [
                (None, "First.".to_owned()),
                (Some("Uses"), "For pain and fever.|one|two".to_owned()),
                (Some("Side effects"), "Rash".to_owned()),
            ]
        );
    }

    #[test]
    fn a_title_is_text() {
        assert_eq!(escaped("a<b>&\"'"), "a&#60;b&#62;&#38;&#34;&#39;");
    }

    proptest! {
        #[test]
        fn whatever_is_written_nothing_of_it_runs(body in "(<|>|a|script|\\[|\\]|\\(|\\)|javascript:|!|`|\n| |&|\"|on=|#){0,40}") {
            let shown = to_html(&body, &[], "https://media.example");
            prop_assert!(!shown.contains("<script") && !shown.contains("href=\"javascript") && !shown.contains("src=\"javascript"));
            let _ = sections(&body);
        }
    }
}
