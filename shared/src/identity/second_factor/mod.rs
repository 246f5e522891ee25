//! The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for who has lost it.

mod authenticator;
mod challenges;
mod recovery;
mod second_factors;
mod store;
mod view;

pub use authenticator::Authenticator;
pub(super) use challenges::invalid_challenge_session;
pub use challenges::{Challenge, Challenges, Demand};
pub use recovery::RecoveryCode;
pub use second_factors::{Enrollment, SecondFactorCode, SecondFactors};
pub use store::SecondFactorStore;
pub use view::{ChallengeView, EnrollmentView};
