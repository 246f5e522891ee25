//! How much memory each function has, as the templates of the areas say.

use std::collections::BTreeMap;
use std::fs;

const AREAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../functions");
const SIZE: &str = "MemorySize: ";
const CODE: &str = "CodeUri: ../../target/lambda/";

/// How much memory each function has.
#[derive(Clone, Debug)]
pub struct Memory {
    usual: f64,
    other: BTreeMap<String, f64>,
}

impl Memory {
    /// Reads the templates of all areas, whose `Globals` are the same.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub fn read() -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{AREAS}: {error}");
        let mut all = Self { usual: 0.0, other: BTreeMap::new() };
        for area in fs::read_dir(AREAS).map_err(failed)? {
            let one =
                Self::parse(&fs::read_to_string(area.map_err(failed)?.path().join("template.yaml")).map_err(failed)?)?;
            all.usual = one.usual;
            all.other.extend(one.other);
        }
        Ok(all)
    }

    /// Reads a template. The size in `Globals`, which stands before all functions, is that of all functions without one of
    /// their own, which stands behind their `CodeUri`.
    ///
    /// # Errors
    /// Where there is no size, or one that is no number.
    pub fn parse(template: &str) -> Result<Self, String> {
        let (mut usual, mut other, mut function) = (None, BTreeMap::new(), None);
        for line in template.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix(CODE) {
                function = Some(name.to_owned());
            } else if let Some(size) = line.strip_prefix(SIZE) {
                let size: f64 = size.parse().map_err(|_| format!("a template: {line}"))?;
                match function.clone() {
                    Some(function) => drop(other.insert(function, size)),
                    None => usual = Some(size),
                }
            }
        }
        Ok(Self { usual: usual.ok_or("a template has no MemorySize for all functions")?, other })
    }

    /// The memory of a function in GB, as Lambda counts them: 1024 MB.
    pub fn gb(&self, function: &str) -> f64 {
        self.other.get(function).copied().unwrap_or(self.usual) / 1024.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_has_its_own_size_or_the_usual_one() {
        let memory = Memory::parse(
            "Globals:\n  MemorySize: 256\n  A:\n    CodeUri: ../../target/lambda/a\n    MemorySize: 512\n  B:\n    CodeUri: ../../target/lambda/b\n",
        )
        .unwrap();
        assert_eq!((memory.gb("a"), memory.gb("b")), (0.5, 0.25));
    }

    #[test]
    fn the_template_is_understood() {
        let memory = Memory::read().unwrap();
        assert!(
            memory.gb("catalog-list-products") > memory.gb("cart-get"),
            "searching keeps the search index in memory"
        );
    }
}
