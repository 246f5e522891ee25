//! The pages on which one pays, or does not.

/// A page with a button for each of `acts`, which are sent to where the page is.
pub(crate) fn page(title: &str, about: &str, acts: &[(&str, &str)]) -> String {
    let button = |(act, text): &(&str, &str)| {
        format!(r#"<button name="act" value="{}">{}</button> "#, escaped(act), escaped(text))
    };
    let buttons: String = acts.iter().map(button).collect();
    format!(
        r#"<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<body style="font: 16px sans-serif; max-width: 32rem; margin: 4rem auto">
<h1>{title}</h1><p>{about}</p><p>This is a stand-in on your own machine. No money moves.</p>
<form method="post">{buttons}</form></body></html>"#,
        title = escaped(title),
        about = escaped(about)
    )
}

/// What the buttons do everywhere.
pub(crate) const ACTS: [(&str, &str); 3] = [("pay", "Pay"), ("decline", "Decline"), ("close", "Close")];

/// Text that ends no element and no attribute.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `url` with one more parameter.
pub(crate) fn with(url: &str, name: &str, value: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("{url}{joint}{name}={value}")
}
