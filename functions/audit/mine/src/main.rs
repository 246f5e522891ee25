//! The Lambda function `audit-mine`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&audit_mine::ENDPOINT)
}
