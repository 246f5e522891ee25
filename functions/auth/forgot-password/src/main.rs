//! The Lambda function `auth-forgot-password`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_forgot_password::ENDPOINT)
}
