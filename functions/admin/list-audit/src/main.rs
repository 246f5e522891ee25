//! The Lambda function `admin-list-audit`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&admin_list_audit::ENDPOINT)
}
