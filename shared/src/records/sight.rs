//! Who looks into what is on record about whom. Pure.

use super::record::{Author, Part};
use crate::platform::error::{Error, Kind as Sort, Result};
use crate::platform::ids::{PatientId, UserId};
use crate::platform::wording;

/// That somebody may look into the records of a patient, and in which part. It is made where that was found out, and nowhere
/// else; whoever has one need not ask again in the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Who looks.
    pub user: UserId,
    /// In which part.
    pub part: Part,
    /// Whose account the patient is of.
    pub owner: UserId,
    /// About whom.
    pub patient: PatientId,
    /// Whether they may write too: who was granted to read may not.
    pub writes: bool,
}

impl Sight {
    /// The author of what they write.
    ///
    /// # Errors
    /// 403 `read_only`: they were granted to read.
    pub fn author(&self) -> Result<Author> {
        if self.writes {
            return Ok(Author { user: self.user.clone(), part: self.part });
        }
        let detail = wording::records::read_only();
        Err(Error::new(Sort::Forbidden, "read_only", detail))
    }

    /// That it is the owner who looks.
    ///
    /// # Errors
    /// 404: to everybody else there is no such thing.
    pub fn owned(&self) -> Result<()> {
        if self.part == Part::Owner { Ok(()) } else { Err(Error::not_found()) }
    }
}
