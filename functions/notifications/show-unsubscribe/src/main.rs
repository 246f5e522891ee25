//! The Lambda function `notifications-show-unsubscribe`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&notifications_show_unsubscribe::ENDPOINT)
}
