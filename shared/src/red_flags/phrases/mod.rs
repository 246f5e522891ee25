//! The phrases, a file for each language; what is often written in Latin letters stands with its language.
//!
//! They are drafts by the authors of this software from the sources that [`Kind`](super::Kind) names. A clinician who knows the
//! language is to read them before they go into production (docs/operations.md).

mod bn;
mod en;
mod ne;

use super::kind::Kind;

/// The phrases of a language.
pub(super) type Phrases = &'static [(Kind, &'static [&'static str])];

/// Those of all languages.
pub(super) const ALL: [Phrases; 3] = [en::PHRASES, ne::PHRASES, bn::PHRASES];
