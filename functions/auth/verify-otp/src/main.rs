//! The Lambda function `auth-verify-otp`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_verify_otp::ENDPOINT)
}
