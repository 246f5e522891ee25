//! What there is to say, whatever the language.

use super::texts::{self, Text};
use crate::accounts::Language;

/// A message to one person.
#[derive(Clone)]
pub enum Message {
    /// The code that registers them.
    RegistrationCode(String),
    /// The same, where the address was registered with several passwords: none of them will be theirs.
    ContestedRegistrationCode(String),
    /// They asked for a code to register, and have an account already.
    AlreadyRegistered,
    /// The code that signs them in.
    SignInCode(String),
    /// They asked for a code to sign in or to reset a password, and have no account.
    NoAccount,
    /// They asked for whatever it was, and their account is closed: disabled, or about to be erased.
    AccountClosed,
    /// The code that sets a new password.
    ResetCode(String),
    /// The code that proves a new address or number.
    ContactCode(String),
    /// Somebody wants this address or number for an account, and another has it.
    ContactTaken,
    /// Somebody wants to change the address or number of their account, to this one, masked.
    ContactChange(String),
    /// Somebody at this other provider can sign in to their account from now on.
    ProviderLinked(&'static str),
    /// Their account asks for a second factor from now on.
    SecondFactorAdded,
    /// Their account asks for no second factor any more.
    SecondFactorRemoved,
    /// They are a seller from now on.
    SellerApproved,
    /// They do not become a seller.
    SellerRejected,
}

/// A message in words.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Wording {
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) sms: String,
}

impl Message {
    /// In words.
    pub(super) fn wording(&self, language: Language) -> Wording {
        let texts = texts::of(language);
        let (text, value): (&Text, &str) = match self {
            Self::RegistrationCode(code) => (&texts.registration_code, code),
            Self::ContestedRegistrationCode(code) => (&texts.contested_registration_code, code),
            Self::AlreadyRegistered => (&texts.already_registered, ""),
            Self::SignInCode(code) => (&texts.sign_in_code, code),
            Self::NoAccount => (&texts.no_account, ""),
            Self::AccountClosed => (&texts.account_closed, ""),
            Self::SellerApproved => (&texts.seller_approved, ""),
            Self::SellerRejected => (&texts.seller_rejected, ""),
            Self::ResetCode(code) => (&texts.reset_code, code),
            Self::ContactCode(code) => (&texts.contact_code, code),
            Self::ContactTaken => (&texts.contact_taken, ""),
            Self::ContactChange(masked) => (&texts.contact_change, masked),
            Self::ProviderLinked(provider) => (&texts.provider_linked, provider),
            Self::SecondFactorAdded => (&texts.second_factor_added, ""),
            Self::SecondFactorRemoved => (&texts.second_factor_removed, ""),
        };
        Wording {
            subject: text.subject.to_owned(),
            body: text.body.replace(texts::VALUE, value),
            sms: text.sms.replace(texts::VALUE, value),
        }
    }
}

impl std::fmt::Debug for Message {
    /// Hidden: a code has no place in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Message(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const PLAIN: [Message; 8] = [
        Message::AlreadyRegistered,
        Message::NoAccount,
        Message::AccountClosed,
        Message::ContactTaken,
        Message::SecondFactorAdded,
        Message::SecondFactorRemoved,
        Message::SellerApproved,
        Message::SellerRejected,
    ];

    fn with_value(value: &'static str) -> [Message; 7] {
        [
            Message::RegistrationCode(value.to_owned()),
            Message::ContestedRegistrationCode(value.to_owned()),
            Message::SignInCode(value.to_owned()),
            Message::ResetCode(value.to_owned()),
            Message::ContactCode(value.to_owned()),
            Message::ContactChange(value.to_owned()),
            Message::ProviderLinked(value),
        ]
    }

    #[test]
    fn every_language_says_everything_with_what_it_is_about() {
        for language in Language::ALL {
            for (message, valued) in
                with_value("042917").iter().map(|one| (one, true)).chain(PLAIN.iter().map(|one| (one, false)))
            {
                let wording = message.wording(*language);
                for text in [&wording.body, &wording.sms] {
                    assert_eq!(text.contains("042917"), valued, "{language:?}: {text}");
                    assert!(!text.contains('{') && !text.trim().is_empty(), "{language:?}: {text}");
                }
                assert!(!wording.subject.contains(['{', '\n']) && !wording.subject.is_empty(), "{language:?}");
            }
        }
    }

    #[test]
    fn languages_differ_and_texts_are_told_apart() {
        let messages = || with_value("1").into_iter().chain(PLAIN);
        let all = Language::ALL.iter().flat_map(|language| messages().map(|message| message.wording(*language).sms));
        let different: BTreeSet<_> = all.collect();
        assert_eq!(different.len(), Language::ALL.len() * messages().count());
    }

    #[test]
    fn a_text_message_is_short() {
        for language in Language::ALL {
            for message in with_value("a***********@e***").into_iter().chain(PLAIN) {
                // Three parts at most; a part holds 67 characters outside of the Latin alphabet.
                assert!(message.wording(*language).sms.chars().count() <= 201, "{language:?}");
            }
        }
    }

    #[test]
    fn a_code_stays_out_of_the_log() {
        assert!(!format!("{:?}", Message::SignInCode("042917".to_owned())).contains("042917"));
    }
}
