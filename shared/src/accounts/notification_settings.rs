//! How, about what and when a person may be written to. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, Patch, all};
use crate::platform::wording;
use crate::platform::zone::Zone;

/// A time of the day, to the minute: `21:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// The one at `hour` o'clock.
    pub const fn at_hour(hour: u16) -> Self {
        Self(hour % 24 * 60)
    }

    /// Reads `HH:MM`, 00:00 to 23:59.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let two = |part: &str, most: u16| {
            let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok()).flatten().filter(|number| *number <= most)
        };
        let read = text.split_once(':').and_then(|(hour, minute)| Some(two(hour, 23)? * 60 + two(minute, 59)?));
        read.map(Self).ok_or_else(|| Invalid::new("invalid_time", wording::field::a_time_of_day()))
    }

    /// How many minutes of the day are over then.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

/// When nobody is to be disturbed, day by day; it may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuietHours {
    /// From then on, `HH:MM`.
    #[schema(value_type = String, example = "21:00")]
    pub from: TimeOfDay,
    /// Until then, `HH:MM`.
    #[schema(value_type = String, example = "08:00")]
    pub to: TimeOfDay,
}

impl QuietHours {
    /// What everybody starts with: the night.
    pub const fn standard() -> Self {
        Self { from: TimeOfDay::at_hour(21), to: TimeOfDay::at_hour(8) }
    }

    /// How many minutes it is still quiet when `now` minutes of the day are over; `None` where it is not.
    pub const fn left(self, now: u16) -> Option<u16> {
        let (from, to) = (self.from.0, self.to.0);
        if from < to {
            if now >= from && now < to { Some(to - now) } else { None }
        } else if now >= from {
            Some(24 * 60 - now + to)
        } else if now < to {
            Some(to - now)
        } else {
            None
        }
    }
}

/// What a person wants to be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Topics {
    /// Their orders and what they pay.
    pub orders: bool,
    /// Their prescriptions.
    pub prescriptions: bool,
    /// Their consultations.
    pub consultations: bool,
    /// What they may want to do soon: a refill, a prescription that runs out.
    pub reminders: bool,
    /// The products that they watch.
    pub watches: bool,
    /// What lies in their cart and was not ordered: only who has asked for it.
    pub carts: bool,
}

impl Default for Topics {
    fn default() -> Self {
        Self { orders: true, prescriptions: true, consultations: true, reminders: true, watches: true, carts: false }
    }
}

/// How, about what and when the pharmacy may write to a person. Codes, and what concerns the safety of an account or of a
/// medicine, come whatever is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Notifications {
    /// By e-mail.
    pub email: bool,
    /// By SMS.
    pub sms: bool,
    /// About what.
    pub kinds: Topics,
    /// When not, by SMS and with reminders; `null`: they may come at any time.
    pub quiet_hours: Option<QuietHours>,
    /// Where these hours are, by its name in the IANA database; `null`: where the pharmacy is.
    #[schema(value_type = Option<String>, example = "Asia/Kathmandu")]
    pub time_zone: Option<Zone>,
    /// Whether the other side of a consultation sees how far they have read.
    pub read_receipts: bool,
}

impl Default for Notifications {
    fn default() -> Self {
        Self {
            email: true,
            sms: false,
            kinds: Topics::default(),
            quiet_hours: Some(QuietHours::standard()),
            time_zone: None,
            read_receipts: true,
        }
    }
}

/// All of it as a request sets it: what is left out is as everybody starts with.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct SetNotificationsRequest {
    /// By e-mail; so it is where nothing is said.
    #[schema(value_type = Option<bool>)]
    email: Option<Field<bool>>,
    /// By SMS; not where nothing is said.
    #[schema(value_type = Option<bool>)]
    sms: Option<Field<bool>>,
    /// About what.
    #[schema(value_type = Option<TopicsRequest>)]
    kinds: Option<Field<TopicsRequest>>,
    /// When not; 21:00 to 08:00 where nothing is said, and `null` for never.
    #[serde(default)]
    #[schema(value_type = Option<QuietHours>)]
    quiet_hours: Patch<QuietHoursRequest>,
    /// Where these hours are, by its name in the IANA database; where the pharmacy is, if nothing is said.
    #[schema(value_type = Option<String>)]
    time_zone: Option<Field<String>>,
    /// Whether the other side of a consultation sees how far they have read; so it is where nothing is said.
    #[schema(value_type = Option<bool>)]
    read_receipts: Option<Field<bool>>,
}

/// What a person wants to be told of; what is left out they do, but for `carts`.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct TopicsRequest {
    /// Their orders and what they pay.
    #[schema(value_type = Option<bool>)]
    orders: Option<Field<bool>>,
    /// Their prescriptions.
    #[schema(value_type = Option<bool>)]
    prescriptions: Option<Field<bool>>,
    /// Their consultations.
    #[schema(value_type = Option<bool>)]
    consultations: Option<Field<bool>>,
    /// What they may want to do soon.
    #[schema(value_type = Option<bool>)]
    reminders: Option<Field<bool>>,
    /// The products that they watch.
    #[schema(value_type = Option<bool>)]
    watches: Option<Field<bool>>,
    /// What lies in their cart and was not ordered; not where nothing is said.
    #[schema(value_type = Option<bool>)]
    carts: Option<Field<bool>>,
}

/// Hours, as a request has them.
#[derive(Clone, Debug, Deserialize)]
struct QuietHoursRequest {
    from: Field<String>,
    to: Field<String>,
}

impl QuietHoursRequest {
    fn check(self) -> Result<QuietHours, FieldErrors> {
        let time = |text: String| TimeOfDay::parse(&text);
        let (from, to) = all((self.from.parse("from", time), self.to.parse("to", time)))?;
        if from == to {
            return Err(vec![Invalid::new("out_of_range", wording::accounts::quiet_hours()).at("to")]);
        }
        Ok(QuietHours { from, to })
    }
}

impl TopicsRequest {
    fn check(self) -> Result<Topics, FieldErrors> {
        let (orders, prescriptions, consultations, reminders, watches, carts) = all((
            self.orders.parse_optional("orders", Ok),
            self.prescriptions.parse_optional("prescriptions", Ok),
            self.consultations.parse_optional("consultations", Ok),
            self.reminders.parse_optional("reminders", Ok),
            self.watches.parse_optional("watches", Ok),
            self.carts.parse_optional("carts", Ok),
        ))?;
        let wanted = |said: Option<bool>| said.unwrap_or(true);
        Ok(Topics {
            orders: wanted(orders),
            prescriptions: wanted(prescriptions),
            consultations: wanted(consultations),
            reminders: wanted(reminders),
            watches: wanted(watches),
            carts: carts.unwrap_or_default(),
        })
    }
}

impl TryFrom<SetNotificationsRequest> for Notifications {
    type Error = FieldErrors;

    fn try_from(body: SetNotificationsRequest) -> Result<Self, FieldErrors> {
        let kinds = match body.kinds {
            None | Some(Field::Missing) => Ok(Topics::default()),
            Some(field) => field.nested("kinds", TopicsRequest::check),
        };
        let (email, sms, kinds, quiet_hours, time_zone, read_receipts) = all((
            body.email.parse_optional("email", Ok),
            body.sms.parse_optional("sms", Ok),
            kinds,
            body.quiet_hours.nested("quiet_hours", QuietHoursRequest::check),
            body.time_zone.parse_optional("time_zone", |name| Zone::known(&name)),
            body.read_receipts.parse_optional("read_receipts", Ok),
        ))?;
        let standard = Self::default();
        Ok(Self {
            email: email.unwrap_or(standard.email),
            sms: sms.unwrap_or(standard.sms),
            kinds,
            quiet_hours: quiet_hours.apply(standard.quiet_hours),
            time_zone,
            read_receipts: read_receipts.unwrap_or(standard.read_receipts),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::fields;

    fn set(body: Value) -> Result<Notifications, FieldErrors> {
        fields::from_json::<SetNotificationsRequest>(body)?.try_into()
    }

    #[test]
    fn what_is_left_out_is_standard_and_null_turns_quiet_hours_off() {
        assert_eq!(set(json!({})).unwrap(), Notifications::default());
        let of_carts = |body: Value| set(body).unwrap().kinds.carts;
        assert!(!of_carts(json!({"kinds": {"orders": true}})) && of_carts(json!({"kinds": {"carts": true}})));
        let all = json!({"email": false, "sms": true, "kinds": {"reminders": false}, "quiet_hours": null,
            "time_zone": "Asia/Kathmandu", "read_receipts": false});
        let all = set(all).unwrap();
        assert!(!all.email && all.sms && all.kinds.orders && !all.kinds.reminders && !all.read_receipts);
        assert_eq!((all.quiet_hours, all.time_zone), (None, Some(Zone::known("Asia/Kathmandu").unwrap())));
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let wrong = json!({"email": "yes", "kinds": {"orders": 1, "games": true},
            "quiet_hours": {"from": "24:00", "to": "8:00"}, "time_zone": "Asia/Nowhere"});
        let errors = set(wrong).unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        for field in ["email", "quiet_hours.from", "quiet_hours.to", "time_zone", "kinds.orders", "kinds.games"] {
            assert!(named.contains(&field), "{field}: {named:?}");
        }
        let same = set(json!({"quiet_hours": {"from": "08:00", "to": "08:00"}})).unwrap_err();
        assert_eq!(same[0].field, "quiet_hours.to");
    }

    #[test]
    fn what_was_stored_before_there_was_more_reads_as_standard() {
        let stored: Notifications = serde_json::from_value(json!({"email": true, "sms": true})).unwrap();
        assert_eq!(stored, Notifications { sms: true, ..Notifications::default() });
    }

    #[test]
    fn the_night_is_quiet_and_ends() {
        let night = QuietHours::standard();
        for (now, left) in [(20 * 60 + 59, None), (21 * 60, Some(660)), (0, Some(480)), (479, Some(1)), (480, None)] {
            assert_eq!(night.left(now), left, "{now}");
        }
        let noon = QuietHours { from: TimeOfDay::at_hour(12), to: TimeOfDay::at_hour(13) };
        assert_eq!((noon.left(12 * 60), noon.left(13 * 60), noon.left(0)), (Some(60), None, None));
    }

    proptest! {
        #[test]
        fn when_it_is_over_it_is_not_quiet(from in 0u16..1440, to in 0u16..1440, now in 0u16..1440) {
            prop_assume!(from != to);
            let hours = QuietHours { from: TimeOfDay(from), to: TimeOfDay(to) };
            if let Some(left) = hours.left(now) {
                prop_assert!(left > 0);
                prop_assert_eq!((now + left) % 1440, to);
                prop_assert_eq!(hours.left(to), None);
            }
        }

        #[test]
        fn a_time_reads_as_it_is_written(minutes in 0u16..1440) {
            prop_assert_eq!(TimeOfDay::parse(&TimeOfDay(minutes).to_string()), Ok(TimeOfDay(minutes)));
        }
    }
}
