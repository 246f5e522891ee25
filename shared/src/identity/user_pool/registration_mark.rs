//! How far a registration has come, as the pool remembers it with its user.

/// The attribute that says it. Only the functions write it; who was made by the house has none.
pub(in crate::identity) const REGISTRATION: &str = "custom:registration";

const PROVEN: &str = "proven";
const UNPROVEN: &str = "unproven";
const CONTESTED: &str = "contested";

/// How far the registration of somebody has come who made their account themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationMark {
    /// They have proved that the address is theirs.
    Proven,
    /// They have not: they have a password, and it opens nothing. All who have registered the address gave the same one;
    /// what tells it from others.
    Unproven(String),
    /// The address was registered with several passwords, and nobody knows which is its owner's.
    Contested,
}

impl RegistrationMark {
    /// Reads what was written. What is not known is believed to be neither proven nor of one person alone.
    pub(in crate::identity) fn parse(text: &str) -> Self {
        match text.split_once('#') {
            Some((UNPROVEN, hint)) => Self::Unproven(hint.to_owned()),
            None if text == PROVEN => Self::Proven,
            _ => Self::Contested,
        }
    }

    /// As it is written.
    pub(in crate::identity) fn text(&self) -> String {
        match self {
            Self::Proven => PROVEN.to_owned(),
            Self::Unproven(hint) => format!("{UNPROVEN}#{hint}"),
            Self::Contested => CONTESTED.to_owned(),
        }
    }

    /// The mark once the address is registered again, with the password that `hint` stands for.
    pub(in crate::identity) fn registered_again(&self, hint: &str) -> Self {
        match self {
            Self::Unproven(before) if before == hint => self.clone(),
            _ => Self::Contested,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_what_it_wrote_and_believes_nothing_else() {
        for mark in
            [RegistrationMark::Proven, RegistrationMark::Unproven("a+/9".to_owned()), RegistrationMark::Contested]
        {
            assert_eq!(RegistrationMark::parse(&mark.text()), mark);
        }
        for unknown in ["", "unproven", "Proven", "proven ", "proven#", "contested#proven", "something"] {
            assert_eq!(RegistrationMark::parse(unknown), RegistrationMark::Contested, "{unknown}");
        }
    }

    #[test]
    fn another_password_is_never_forgotten() {
        let first = RegistrationMark::Unproven("a".to_owned());
        assert_eq!(first.registered_again("a"), first);
        let contested = first.registered_again("b");
        assert_eq!(contested, RegistrationMark::Contested);
        assert_eq!(contested.registered_again("a"), RegistrationMark::Contested);
    }
}
