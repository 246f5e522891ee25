//! The tables of `docs/rbac.md` are those of the code.
//!
//! `UPDATE_DOCS=1 cargo test --workspace --test rbac_doc` writes them anew.

use std::fmt::Write;

use shared::identity::access::{Access, ROUTES, Route};
use shared::identity::{Permission, Role, Scope, scope};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rbac.md");
const BEGIN: &str = "<!-- generated:begin -->";
const END: &str = "<!-- generated:end -->";

/// A row of a table; an empty cell is one space wide.
fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut row = "|".to_owned();
    for cell in cells {
        row.push(' ');
        row.push_str(cell);
        row.push_str(if cell.is_empty() { "|" } else { " |" });
    }
    row
}

fn heading(columns: &[&str]) -> String {
    let roles = Role::ALL.map(|role| format!("`{}`", role.group()));
    let names = row(columns.iter().copied().chain(roles.iter().map(String::as_str)));
    format!("{names}\n|{}", "---|".repeat(columns.len() + roles.len()))
}

/// How far a permission reaches for each role.
fn reach(permission: Permission) -> [&'static str; Role::ALL.len()] {
    Role::ALL.map(|role| match scope(role, permission) {
        None => "",
        Some(Scope::All) => "all",
        Some(Scope::Own) => "own",
        Some(Scope::OwnLines) => "own lines",
    })
}

fn permission_row(permission: Permission) -> String {
    let name = format!("`{permission:?}`");
    row([name.as_str()].into_iter().chain(reach(permission)))
}

fn route_row(route: &Route) -> String {
    let (path, function) = (format!("`{} {}`", route.method, route.path), format!("`{}`", route.function));
    let everybody = ["yes"; Role::ALL.len()];
    let (needs, guest, roles) = match route.access {
        Access::Anyone => ("nothing".to_owned(), "yes", everybody),
        Access::AnyoneOrCaller => ("nothing; a token is looked at".to_owned(), "yes", everybody),
        Access::SignedIn => ("a token".to_owned(), "", everybody),
        Access::Needs(permission) => (format!("`{permission:?}`"), "", reach(permission)),
    };
    row([path.as_str(), &function, &needs, guest].into_iter().chain(roles))
}

/// All between the two marks.
fn generated() -> String {
    let mut text = format!("\n\n### Permissions\n\n{}\n", heading(&["permission"]));
    for permission in Permission::ALL {
        let _ = writeln!(text, "{}", permission_row(permission));
    }
    let _ = write!(text, "\n### Routes\n\n{}\n", heading(&["route", "function", "needs", "guest"]));
    for route in ROUTES {
        let _ = writeln!(text, "{}", route_row(route));
    }
    text
}

#[test]
fn the_tables_are_those_of_the_code() {
    let document = std::fs::read_to_string(DOCUMENT).unwrap();
    let (before, rest) = document.split_once(BEGIN).expect("docs/rbac.md has no beginning of the generated section");
    let (written, after) = rest.split_once(END).expect("docs/rbac.md has no end of the generated section");
    let expected = generated();
    if written == expected {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(DOCUMENT, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
        return;
    }
    panic!("docs/rbac.md is not current; UPDATE_DOCS=1 writes it. Between its marks should stand:{expected}");
}
