//! The Lambda function `auth-resend-code`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_resend_code::ENDPOINT)
}
