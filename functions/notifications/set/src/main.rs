//! The Lambda function `notifications-set`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&notifications_set::ENDPOINT)
}
