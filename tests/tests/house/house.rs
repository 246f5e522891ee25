//! The workspace as text: what the invariants look at, and what a breakage changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Files by their path from the root, with what is in them; what is no text has none.
#[derive(Clone)]
pub struct House {
    files: BTreeMap<String, String>,
}

/// A crate below `functions/`.
pub struct Function {
    /// `<area>-<operation>`.
    pub name: String,
    /// `functions/<area>/<operation>`.
    pub folder: String,
    /// What it answers.
    pub sort: Sort,
}

/// What a function answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// HTTP requests.
    Endpoint,
    /// Events.
    Worker,
    /// The WebSocket API.
    Socket,
}

/// A row of the access table, as it is written.
pub struct Row {
    /// The function.
    pub function: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// The route.
    pub path: String,
    /// `Anyone`, `Needs(P::Buy)`, …
    pub access: String,
    /// Whether it answers HEAD as well.
    pub head: bool,
}

impl Row {
    /// What API Gateway sends to the function.
    pub fn methods(&self) -> Vec<&str> {
        std::iter::once(self.method.as_str()).chain(self.head.then_some("HEAD")).collect()
    }
}

/// Made by tools, or nobody's text.
const SKIPPED: [&str; 7] =
    [".git", ".local", ".aws-sam", "target", "__pycache__", "node_modules", "infra/seed/formulary"];

impl House {
    /// This workspace.
    pub fn here() -> Self {
        Self::at(&root())
    }

    /// The workspace at `root`.
    pub fn at(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        read(root, "", &mut files);
        Self { files }
    }

    /// The files that make up a workspace, written below `root`.
    pub fn write(&self, root: &Path) {
        for (path, text) in &self.files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    /// What is in a file; nothing where it does not exist.
    pub fn text(&self, path: &str) -> &str {
        self.files.get(path).map_or("", String::as_str)
    }

    /// Whether a file or a folder is there.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }

    /// The files below a folder, or all for `""`.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self.files.iter().filter(move |(path, _)| path.starts_with(folder));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The Rust sources below a folder, without their comments.
    pub fn sources<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, String)> {
        self.below(folder).filter(|(path, _)| path.ends_with(".rs")).map(|(path, text)| (path, code(text)))
    }

    /// The same with one file changed: the first `from` in it becomes `to`. A file that does not exist is made of `to`.
    pub fn with(&self, path: &str, from: &str, to: &str) -> Self {
        let mut changed = self.clone();
        let text = changed.files.entry(path.to_owned()).or_default();
        assert!(text.contains(from), "{path} does not contain {from}");
        *text = text.replacen(from, to, 1);
        changed
    }

    /// The same without the files below `path`.
    pub fn without(&self, path: &str) -> Self {
        let mut changed = self.clone();
        changed.files.retain(|file, _| !file.starts_with(path));
        assert!(changed.files.len() < self.files.len(), "there is no {path}");
        changed
    }

    /// The crates below `functions/`, by name.
    pub fn functions(&self) -> Vec<Function> {
        let folders = self.files.keys().filter_map(|path| path.strip_suffix("/Cargo.toml"));
        let mut functions: Vec<_> = folders
            .filter_map(|folder| {
                let (area, operation) = folder.strip_prefix("functions/")?.split_once('/')?;
                let source = code(self.text(&format!("{folder}/src/lib.rs")));
                let sort = if source.contains("worker!(") {
                    Sort::Worker
                } else if source.contains("socket!(") {
                    Sort::Socket
                } else {
                    Sort::Endpoint
                };
                Some(Function { name: format!("{area}-{operation}"), folder: folder.to_owned(), sort })
            })
            .collect();
        functions.sort_by(|a, b| a.name.cmp(&b.name));
        functions
    }

    /// The functions that answer HTTP requests.
    pub fn endpoints(&self) -> Vec<Function> {
        self.functions().into_iter().filter(|function| function.sort == Sort::Endpoint).collect()
    }

    /// The access table.
    pub fn rows(&self) -> Vec<Row> {
        let lines = self.text("shared/src/identity/access.rs").lines().map(str::trim);
        let lines = lines.skip_while(|line| !line.starts_with("pub const ROUTES")).skip(1);
        lines.take_while(|line| *line != "};").filter(|line| line.starts_with('"')).map(row).collect()
    }

    /// A list of the registry: `endpoints`, `workers` or `sockets`.
    pub fn registered(&self, list: &str) -> Vec<String> {
        let lines = self.text("infra/registry/src/lib.rs").lines();
        let lines = lines.skip_while(|line| *line != format!("{list}! {{")).skip(1);
        lines.take_while(|line| *line != "}").map(|line| line.trim().to_owned()).collect()
    }
}

/// The root of this workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn row(line: &str) -> Row {
    let mut parts = line.trim_end_matches(';').split_whitespace().map(|part| part.trim_matches('"').to_owned());
    let mut next = || parts.next().unwrap_or_else(|| panic!("not a row of the access table: {line}"));
    let head = line.ends_with(", head;");
    Row { function: next(), method: next(), path: next(), access: next(), head }
}

/// Without line comments, so that a wall may be written about.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn read(root: &Path, folder: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if SKIPPED.contains(&name.as_str()) || SKIPPED.contains(&path.as_str()) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            read(root, &path, files);
        } else {
            // Others may be building or writing beside us: what is gone by now was never there.
            let Ok(bytes) = fs::read(entry.path()) else { continue };
            files.insert(path, String::from_utf8(bytes).unwrap_or_default());
        }
    }
}
