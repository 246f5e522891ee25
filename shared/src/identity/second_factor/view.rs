//! What is answered to who needs a second factor.

use serde::Serialize;
use utoipa::ToSchema;

use super::challenges::Demand;
use super::second_factors::Enrollment;
use crate::platform::error::{Error, Result};

/// That a second factor is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChallengeView {
    /// `software_token_mfa`: send a code to `/v1/auth/login/challenge`. `mfa_setup`: enrol an authenticator with this
    /// challenge session first.
    #[schema(value_type = String, pattern = "^(software_token_mfa|mfa_setup)$")]
    pub(in crate::identity) challenge: Demand,
    /// Good for five minutes.
    pub(in crate::identity) challenge_session: String,
}

/// An authenticator that is to be set up. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrollmentView {
    /// Base32, to be typed.
    secret: String,
    /// To be shown as a QR code.
    otpauth_uri: String,
    /// Ten, each good once in place of a code; they count from the confirmation on.
    recovery_codes: Vec<String>,
}

impl EnrollmentView {
    /// Of `enrollment`, for the account that the app shows as `account`.
    ///
    /// # Errors
    /// None in practice: names of accounts hold no colon.
    pub fn new(enrollment: &Enrollment, account: &str) -> Result<Self> {
        Ok(Self {
            secret: enrollment.authenticator.base32(),
            otpauth_uri: enrollment.authenticator.otpauth_uri(account).map_err(Error::internal)?,
            recovery_codes: enrollment.recovery_codes.iter().map(|code| code.expose()).collect(),
        })
    }
}
