//! The Lambda function `auth-remove-mfa`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_remove_mfa::ENDPOINT)
}
