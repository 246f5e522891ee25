//! The Lambda function `auth-confirm-mfa`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_confirm_mfa::ENDPOINT)
}
