//! The Lambda function `auth-complete-registration`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_complete_registration::ENDPOINT)
}
