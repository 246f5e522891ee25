//! The texts, one file for each language. A language that lacks one does not compile.

use crate::platform::language::{Language, languages};

pub(super) mod notices;

/// What stands in a text for the code, or whatever it is about.
pub(super) const VALUE: &str = "{value}";

/// One text, as a mail and as a text message.
pub(super) struct Text {
    pub(super) subject: &'static str,
    pub(super) body: &'static str,
    pub(super) sms: &'static str,
}

/// All texts of a language, named for the messages.
pub(super) struct Texts {
    pub(super) registration_code: Text,
    pub(super) contested_registration_code: Text,
    pub(super) already_registered: Text,
    pub(super) sign_in_code: Text,
    pub(super) no_account: Text,
    pub(super) account_closed: Text,
    pub(super) reset_code: Text,
    pub(super) contact_code: Text,
    pub(super) contact_taken: Text,
    pub(super) contact_change: Text,
    pub(super) provider_linked: Text,
    pub(super) second_factor_added: Text,
    pub(super) second_factor_removed: Text,
    pub(super) seller_approved: Text,
    pub(super) seller_rejected: Text,
}

macro_rules! texts {
    ($($(#[$meta:meta])* $language:ident $file:ident $tag:tt;)*) => {
        $(mod $file;)*

        /// The texts of a language.
        pub(super) fn of(language: Language) -> &'static Texts {
            match language {
                $(Language::$language => &$file::TEXTS,)*
            }
        }
    };
}
languages!(texts);
