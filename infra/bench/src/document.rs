//! Puts what was measured into docs/performance.md, between its markers.

use std::fs;

use crate::report::{self, Report};
use crate::subject::root;

/// Writes the tables and the picture.
///
/// # Errors
/// The document or its markers are not there.
pub fn write(report: &Report) -> Result<(), String> {
    let path = root().join("docs/performance.md");
    let problem = |error: std::io::Error| format!("{}: {error}", path.display());
    let text = fs::read_to_string(&path).map_err(problem)?;
    let text = between(&text, "bench", &report::markdown(report))?;
    let text = between(&text, "cost", &crate::cost::markdown())?;
    fs::write(&path, text).map_err(problem)?;
    fs::write(root().join("docs/performance/bench.svg"), report::svg(report)).map_err(problem)
}

fn between(text: &str, name: &str, new: &str) -> Result<String, String> {
    let (begin, end) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let missing = || format!("docs/performance.md has no {begin} … {end}");
    let (before, rest) = text.split_once(&begin).ok_or_else(missing)?;
    let (_, after) = rest.split_once(&end).ok_or_else(missing)?;
    Ok(format!("{before}{begin}\n{}\n{end}{after}", new.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_goes_and_the_rest_stays() {
        let text = "a\n<!-- x -->\nold\n<!-- /x -->\nb";
        assert_eq!(between(text, "x", "new\n").unwrap(), "a\n<!-- x -->\nnew\n<!-- /x -->\nb");
        assert!(between(text, "y", "").unwrap_err().contains("<!-- y -->"));
    }
}
