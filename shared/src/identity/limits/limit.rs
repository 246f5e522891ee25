//! The rate limits, by name: the one place that says how many requests a route takes. A row of the access table opts in.

use std::time::Duration;

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Everybody behind one address (of IPv6, one /64 network: a household has that many).
    Address,
    /// The caller, and of who is not signed in the address.
    Caller,
    /// The session whose refresh token comes.
    Session,
}

/// How many requests a route takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Where a secret could be guessed: passwords, second factors, one-time codes.
    SignIn,
    /// Where a message is sent to an address or number of the caller's choice.
    SendCode,
    /// The rest of registering, signing in and passwords.
    Auth,
    /// Staying signed in: an office behind one address has many sessions, and each tab and each page that loads refreshes. It
    /// guards no secret that could be guessed.
    Refresh,
    /// Searching the catalogue.
    Search,
    /// Looking after users and reading the trail.
    Admin,
    /// Tickets that WebSockets are opened with.
    Ticket,
    /// Questions to the assistant.
    Ask,
    /// Answers in a triage: one every second.
    Triage,
    /// Everything else.
    Standard,
    /// What a caller may not do, on whichever route they try it: every such request is on the trail for good.
    Refused,
}

/// What a limit is, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// In `RateLimit` headers and in the counters' keys.
    pub name: &'static str,
    /// Who is counted.
    pub per: Per,
    /// How many requests a window takes.
    pub most: u32,
    /// How long a window is; windows begin at whole multiples of it since 1970.
    pub window: Duration,
    /// How many requests a function takes out of the window at most at once, and then serves without asking again. One is
    /// exact; more saves writes, and an instance that goes idle keeps what it took until the window ends.
    pub lease: u32,
}

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

impl Limit {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::SignIn,
        Self::SendCode,
        Self::Auth,
        Self::Refresh,
        Self::Search,
        Self::Admin,
        Self::Ticket,
        Self::Ask,
        Self::Triage,
        Self::Standard,
        Self::Refused,
    ];

    /// The numbers.
    pub const fn quota(self) -> Quota {
        let (name, per, most, window, lease) = match self {
            Self::SignIn => ("sign_in", Per::Address, 5, MINUTE, 1),
            Self::SendCode => ("send_code", Per::Address, 10, HOUR, 1),
            Self::Auth => ("auth", Per::Address, 10, MINUTE, 1),
            Self::Refresh => ("refresh", Per::Session, 60, MINUTE, 1),
            Self::Search => ("search", Per::Caller, 100, MINUTE, 5),
            Self::Admin => ("admin", Per::Caller, 500, MINUTE, 20),
            Self::Ticket => ("ticket", Per::Caller, 10, MINUTE, 1),
            Self::Ask => ("ask", Per::Caller, 5, MINUTE, 1),
            Self::Triage => ("triage", Per::Caller, 60, MINUTE, 3),
            Self::Standard => ("standard", Per::Caller, 1000, MINUTE, 50),
            Self::Refused => ("refused", Per::Caller, 120, MINUTE, 5),
        };
        Quota { name, per, most, window, lease }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_counted_one_by_one() {
        assert_eq!((Limit::Refresh.quota().lease, Limit::Refresh.quota().per), (1, Per::Session));
        for limit in [Limit::SignIn, Limit::SendCode, Limit::Auth] {
            assert_eq!((limit.quota().lease, limit.quota().per), (1, Per::Address), "{limit:?}");
        }
    }

    #[test]
    fn a_lease_is_a_small_part_of_its_window() {
        for limit in Limit::ALL {
            let quota = limit.quota();
            assert!(quota.lease >= 1 && (quota.lease == 1 || quota.lease * 20 <= quota.most), "{limit:?}");
        }
    }
}
