//! The two pages of an address that turns a topic off: plain HTML without scripts or styles, which the headers of every answer
//! forbid.

use crate::notifications::Topic;

fn page(body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>Apothecary</title>\n<main>\n<h1>Apothecary</h1>\n{body}\n</main>\n</html>\n"
    )
}

const fn about(topic: Topic) -> &'static str {
    match topic {
        Topic::Orders => "your orders",
        Topic::Prescriptions => "your prescriptions",
        Topic::Consultations => "your consultations",
        Topic::Reminders => "what you may want to do soon",
        Topic::Watches => "products that you watch",
        Topic::Carts => "what lies in your cart",
        Topic::Staff => "the pharmacy",
        Topic::Account => "your account",
    }
}

/// The page with the button. The form posts to the address it was read from.
pub fn question(topic: Topic) -> String {
    let about = about(topic);
    page(&format!(
        "<p>Do you want to get no more mails and text messages about {about}?</p>\n\
         <form method=\"post\"><input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\">\
         <button>No more of these</button></form>"
    ))
}

/// The page after it.
pub fn done(topic: Topic) -> String {
    let about = about(topic);
    page(&format!(
        "<p>You get no more mails and text messages about {about}. Your inbox still has them; you can turn them on again in your \
         profile.</p>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_has_one_button_and_the_answer_none() {
        for topic in Topic::ALL {
            assert_eq!(question(topic).matches("<button>").count(), 1, "{topic:?}");
            assert!(!done(topic).contains("<form"), "{topic:?}");
            for page in [question(topic), done(topic)] {
                assert!(!page.contains("<script") && !page.contains("style="), "{topic:?}");
            }
        }
    }
}
