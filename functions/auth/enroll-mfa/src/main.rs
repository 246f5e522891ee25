//! The Lambda function `auth-enroll-mfa`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_enroll_mfa::ENDPOINT)
}
