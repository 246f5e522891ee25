//! The Lambda function `auth-change-password`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_change_password::ENDPOINT)
}
