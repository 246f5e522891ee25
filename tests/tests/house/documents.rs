//! What the documents refer to exists.

use crate::Faults;
use crate::house::House;

/// Relative links of README.md and docs/, and every `docs/….md` that is named anywhere.
pub fn whatever_is_linked_exists(house: &House) -> Faults {
    let mut faults = Faults::new();
    if !house.has("README.md") {
        faults.push("there is no README.md".to_owned());
    }
    for (path, text) in house.below("").filter(|(path, _)| *path == "README.md" || is_document(path)) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if !link.is_empty() && !link.contains(':') && !house.has(&from(folder, link)) {
                faults.push(format!("{path} links to {link}, which does not exist"));
            }
        }
    }
    // This folder is full of examples of what must not be.
    for (path, text) in house.below("").filter(|(path, _)| !path.starts_with("tests/tests/house/")) {
        for name in text.split("docs/").skip(1) {
            let name: String = name.chars().take_while(|c| c.is_ascii_lowercase() || ".-".contains(*c)).collect();
            if let Some(name) = name.split(".md").next().filter(|_| name.contains(".md"))
                && !house.has(&format!("docs/{name}.md"))
            {
                faults.push(format!("{path} names docs/{name}.md, which does not exist"));
            }
        }
    }
    faults
}

/// Every route has a row in the guide for clients.
pub fn every_route_is_in_the_guide(house: &House) -> Faults {
    let guide = house.text("docs/api.md");
    let rows = house.rows();
    let missing = rows.iter().filter(|row| !guide.contains(&format!("| `{} {}` |", row.method, row.path)));
    missing.map(|row| format!("docs/api.md has no row for {} {}", row.method, row.path)).collect()
}

fn is_document(path: &str) -> bool {
    path.starts_with("docs/") && path.ends_with(".md")
}

/// A relative link, seen from the root.
fn from(folder: &str, link: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
