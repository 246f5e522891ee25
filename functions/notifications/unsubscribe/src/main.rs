//! The Lambda function `notifications-unsubscribe`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&notifications_unsubscribe::ENDPOINT)
}
