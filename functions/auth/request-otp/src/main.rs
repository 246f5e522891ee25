//! The Lambda function `auth-request-otp`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&auth_request_otp::ENDPOINT)
}
