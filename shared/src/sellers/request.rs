//! What applicants say, and what the staff says to it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalog::DisplayName;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::text;
use crate::platform::wording;

/// An application.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ApplyRequest {
    /// What the business is called, at most 60 characters: with this name it stands in the shop, once it was approved.
    #[schema(value_type = String, max_length = 60)]
    business_name: Field<String>,
    /// Under which number it is registered, at most 60 characters.
    #[schema(value_type = String)]
    registration_number: Field<String>,
    /// What is to be sold, and whatever else the pharmacy should know, at most 1000 characters.
    #[schema(value_type = String)]
    about: Field<String>,
}

/// What an applicant says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apply {
    /// What the business is called.
    pub business_name: String,
    /// Under which number it is registered.
    pub registration_number: String,
    /// What is to be sold, and whatever else.
    pub about: String,
}

impl TryFrom<ApplyRequest> for Apply {
    type Error = FieldErrors;

    fn try_from(body: ApplyRequest) -> Result<Self, FieldErrors> {
        let (business_name, registration_number, about) = all((
            body.business_name.parse("business_name", |name| DisplayName::parse(&name).map(|name| name.to_string())),
            body.registration_number.parse("registration_number", |number| text::line(&number, 60)),
            body.about.parse("about", |about| text::paragraph(&about, 1000)),
        ))?;
        Ok(Self { business_name, registration_number, about })
    }
}

/// A decision on an application.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DecideRequest {
    /// `approve` or `reject`.
    #[schema(value_type = String, pattern = "^(approve|reject)$")]
    decision: Field<String>,
    /// For the file, at most 500 characters.
    note: Option<Field<String>>,
}

/// What the staff decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decide {
    /// Whether they become a seller.
    pub approve: bool,
    /// For the file.
    pub note: Option<String>,
}

impl TryFrom<DecideRequest> for Decide {
    type Error = FieldErrors;

    fn try_from(body: DecideRequest) -> Result<Self, FieldErrors> {
        let (approve, note) = all((
            body.decision.parse("decision", |decision| match decision.as_str() {
                "approve" => Ok(true),
                "reject" => Ok(false),
                _ => Err(Invalid::new("unknown_value", wording::field::one_of("approve, reject"))),
            }),
            body.note.parse_optional("note", |note| text::paragraph(&note, 500)),
        ))?;
        Ok(Self { approve, note })
    }
}
