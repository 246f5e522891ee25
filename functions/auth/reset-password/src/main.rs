//! The Lambda function `auth-reset-password`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_reset_password::ENDPOINT)
}
