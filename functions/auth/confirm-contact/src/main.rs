//! The Lambda function `auth-confirm-contact`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_confirm_contact::ENDPOINT)
}
