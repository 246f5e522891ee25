//! The words of notices, one file for each language.

use crate::notifications::notice::NoticeTexts;
use crate::platform::language::{Language, languages};

/// What a notice says: `{value}` stands for an order's number, or a count.
pub(in crate::notifications) struct Said {
    /// The subject of a mail, and the title in an inbox.
    pub(in crate::notifications) title: &'static str,
    /// One or two sentences; a text message says nothing else.
    pub(in crate::notifications) text: &'static str,
}

macro_rules! texts {
    ($($(#[$meta:meta])* $language:ident $file:ident $tag:tt;)*) => {
        $(mod $file;)*

        /// The words of a language.
        pub(in crate::notifications) fn of(language: Language) -> &'static NoticeTexts {
            match language {
                $(Language::$language => &$file::TEXTS,)*
            }
        }
    };
}
languages!(texts);
