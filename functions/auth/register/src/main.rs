//! The Lambda function `auth-register`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_register::ENDPOINT)
}
