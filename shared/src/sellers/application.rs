//! What somebody says who wants to sell here, and what became of it. Pure rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::request::Apply;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{SellerApplicationId, UserId};
use crate::platform::wording;

/// How far an application has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SellerApplicationStatus)]
pub enum ApplicationStatus {
    /// The staff has yet to decide.
    Requested,
    /// It was approved, and the role is being given; approving it once more goes on with that.
    Approving,
    /// They are a seller.
    Approved,
    /// They are not.
    Rejected,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: UserId,
    /// What they noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its id.
    pub id: SellerApplicationId,
    /// Whose.
    pub user: UserId,
    /// What they say.
    #[serde(flatten)]
    pub said: Apply,
    /// How far it has come.
    pub status: ApplicationStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
    /// Grows by one with every change.
    pub version: u64,
}

fn decided_already() -> Error {
    Error::conflict("already_decided", wording::sellers::already_decided())
}

impl Application {
    /// The next application of somebody whose last one was `before`.
    ///
    /// # Errors
    /// 409 `already_applied` while that is open.
    pub fn next(before: Option<&Self>, user: &UserId, said: Apply, now: Timestamp) -> Result<Self> {
        let open = |one: &Self| matches!(one.status, ApplicationStatus::Requested | ApplicationStatus::Approving);
        if before.is_some_and(open) {
            let detail = wording::sellers::already_applied();
            return Err(Error::conflict("already_applied", detail));
        }
        Ok(Self {
            id: SellerApplicationId::generate(now),
            user: user.clone(),
            said,
            status: ApplicationStatus::Requested,
            created_at: now,
            decided: None,
            version: before.map_or(0, |before| before.version) + 1,
        })
    }

    /// The same, about to be approved.
    ///
    /// # Errors
    /// 409 `already_decided`.
    pub fn approving(&self) -> Result<Self> {
        match self.status {
            ApplicationStatus::Approving => Ok(self.clone()),
            ApplicationStatus::Requested => {
                Ok(Self { status: ApplicationStatus::Approving, version: self.version + 1, ..self.clone() })
            }
            ApplicationStatus::Approved | ApplicationStatus::Rejected => Err(decided_already()),
        }
    }

    /// The same, open again: the role could not be given.
    #[must_use]
    pub fn reopened(&self) -> Self {
        Self { status: ApplicationStatus::Requested, version: self.version + 1, ..self.clone() }
    }

    /// The same with a decision.
    ///
    /// # Errors
    /// 409 `already_decided`; also for rejecting what is being approved.
    pub fn with_decision(&self, approve: bool, decided: Decided) -> Result<Self> {
        let status = match (self.status, approve) {
            (ApplicationStatus::Approving, true) => ApplicationStatus::Approved,
            (ApplicationStatus::Requested, false) => ApplicationStatus::Rejected,
            _ => return Err(decided_already()),
        };
        Ok(Self { status, decided: Some(decided), version: self.version + 1, ..self.clone() })
    }
}

/// An application as the API shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SellerApplication)]
pub struct ApplicationView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: SellerApplicationId,
    /// Whose.
    #[schema(value_type = String)]
    pub user_id: UserId,
    /// What the business is called.
    pub business_name: String,
    /// Under which number it is registered.
    pub registration_number: String,
    /// What they want to sell, and whatever else they say.
    pub about: String,
    /// How far it has come.
    pub status: ApplicationStatus,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was decided on.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    /// What the pharmacy noted.
    pub note: Option<String>,
}

impl From<&Application> for ApplicationView {
    fn from(application: &Application) -> Self {
        let decided = application.decided.as_ref();
        Self {
            id: application.id,
            user_id: application.user.clone(),
            business_name: application.said.business_name.clone(),
            registration_number: application.said.registration_number.clone(),
            about: application.said.about.clone(),
            status: application.status,
            created_at: application.created_at,
            decided_at: decided.map(|decided| decided.at),
            note: decided.and_then(|decided| decided.note.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> UserId {
        UserId::parse("00000000-0000-4000-8000-000000000001").unwrap()
    }

    fn applied(before: Option<&Application>) -> Result<Application> {
        let said = Apply { business_name: "A".to_owned(), registration_number: "1".to_owned(), about: "B".to_owned() };
        Application::next(before, &user(), said, Timestamp::from_millis(1))
    }

    fn decide(application: &Application, approve: bool) -> Result<Application, &'static str> {
        let decided = Decided { at: Timestamp::from_millis(2), by: user(), note: None };
        application.with_decision(approve, decided).map_err(|error| error.code())
    }

    #[test]
    fn nobody_applies_twice_at_once_and_anybody_may_again() {
        let first = applied(None).unwrap();
        assert_eq!(applied(Some(&first)).unwrap_err().code(), "already_applied");
        let rejected = decide(&first, false).unwrap();
        assert_eq!(applied(Some(&rejected)).unwrap().version, rejected.version + 1);
    }

    #[test]
    fn what_is_being_approved_is_not_rejected_and_nothing_is_decided_twice() {
        let first = applied(None).unwrap();
        assert_eq!(decide(&first, true).unwrap_err(), "already_decided", "the role comes first");
        let approving = first.approving().unwrap();
        assert_eq!(approving.approving().unwrap(), approving, "who was killed goes on");
        assert_eq!(decide(&approving, false).unwrap_err(), "already_decided");
        let approved = decide(&approving, true).unwrap();
        assert!(approved.approving().is_err() && decide(&approved, false).is_err());
        assert_eq!(approving.reopened().status, ApplicationStatus::Requested);
    }
}
