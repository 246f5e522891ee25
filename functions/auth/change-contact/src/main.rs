//! The Lambda function `auth-change-contact`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_change_contact::ENDPOINT)
}
