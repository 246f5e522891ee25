//! Which ways a notice goes, and when: by what it is, how its person is reached, and what they have chosen. Pure.

use std::time::Duration;

use super::notice::Channel;
use crate::accounts::{Notifications, Profile};
use crate::notifications::{NoticeKind, Reach, Topic};
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::zone::Zone;

/// A way, and when it may be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Which.
    pub channel: Channel,
    /// From when on, where it is quiet now.
    pub held_until: Option<Timestamp>,
}

/// The ways that a notice of `kind` goes to the person of `profile` at `now`. `pharmacy` is where the pharmacy is.
///
/// # Errors
/// A time zone that is none.
pub fn ways(kind: NoticeKind, profile: &Profile, now: Timestamp, pharmacy: &Zone) -> Result<Vec<Way>> {
    let settings = &profile.preferences.notifications;
    let channels = channels(kind, settings, profile.email.is_some(), profile.phone.is_some());
    let quiet_until = quiet_until(settings, now, pharmacy)?;
    let held = |channel: Channel| {
        let is_disturbing = channel == Channel::Sms || matches!(kind.topic(), Topic::Reminders | Topic::Carts);
        quiet_until.filter(|_| is_disturbing && !kind.is_urgent())
    };
    Ok(channels.into_iter().map(|channel| Way { channel, held_until: held(channel) }).collect())
}

fn channels(kind: NoticeKind, settings: &Notifications, has_email: bool, has_phone: bool) -> Vec<Channel> {
    let obliged = kind.is_urgent() || matches!(kind.topic(), Topic::Staff | Topic::Account);
    if !obliged && !kind.topic().is_wanted(&settings.kinds) {
        return Vec::new();
    }
    let mail = has_email && (settings.email || obliged);
    let (mail, sms) = match kind.reach() {
        Reach::Inbox => (false, false),
        Reach::Mail => (mail, false),
        Reach::MailAndSms => (mail, has_phone && settings.sms),
        Reach::MailOrSms => (mail, has_phone && !has_email),
        Reach::Everywhere => (has_email, has_phone),
    };
    let ways = [(mail, Channel::Mail), (sms, Channel::Sms)];
    ways.into_iter().filter(|(goes, _)| *goes).map(|(_, channel)| channel).collect()
}

/// Until when it is quiet where the person is; `None` where it is not.
fn quiet_until(settings: &Notifications, now: Timestamp, pharmacy: &Zone) -> Result<Option<Timestamp>> {
    let Some(hours) = settings.quiet_hours else { return Ok(None) };
    let zone = settings.time_zone.as_ref().unwrap_or(pharmacy);
    let left = hours.left(zone.minute_of_day(now)?);
    // To the minute, and so never before it is over.
    let begun = Timestamp::from_millis(now.millis() - now.millis().rem_euclid(60_000));
    Ok(left.map(|minutes| begun.plus(Duration::from_mins(u64::from(minutes)))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Contacts, Email, Phone, Topics};
    use crate::platform::ids::UserId;
    use crate::platform::money::Currency;

    fn profile(email: bool, phone: bool) -> Profile {
        let contacts = Contacts {
            email: email.then(|| Email::parse("anna@example.org").unwrap()),
            phone: phone.then(|| Phone::parse("+9779812345678").unwrap()),
        };
        let mut profile =
            Profile::new(UserId::nobody(), contacts, None, Currency::parse("USD").unwrap(), Timestamp::from_millis(0));
        profile.preferences.notifications.time_zone = Some(Zone::known("Asia/Kathmandu").unwrap());
        profile
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn chosen(kind: NoticeKind, profile: &Profile, now: &str) -> Vec<(Channel, Option<Timestamp>)> {
        let ways = ways(kind, profile, at(now), &Zone::parse("UTC").unwrap()).unwrap();
        ways.into_iter().map(|way| (way.channel, way.held_until)).collect()
    }

    const NOON: &str = "2026-11-20T06:15:00Z";
    /// 22:00 in Kathmandu.
    const NIGHT: &str = "2026-11-20T16:15:30Z";
    /// 08:00 there, the next morning.
    const MORNING: &str = "2026-11-21T02:15:00Z";

    #[test]
    fn a_text_message_waits_for_the_morning_there_and_a_mail_about_an_order_does_not() {
        let mut anna = profile(true, true);
        anna.preferences.notifications.sms = true;
        let (mail, sms) = ((Channel::Mail, None), (Channel::Sms, Some(at(MORNING))));
        assert_eq!(chosen(NoticeKind::OrderShipped, &anna, NOON), [mail, (Channel::Sms, None)]);
        assert_eq!(chosen(NoticeKind::OrderShipped, &anna, NIGHT), [mail, sms]);
        let reminded = [(Channel::Mail, Some(at(MORNING))), sms];
        assert_eq!(chosen(NoticeKind::RefillDue, &anna, NIGHT), reminded);
        assert_eq!(chosen(NoticeKind::RefillDue, &anna, MORNING), [mail, (Channel::Sms, None)]);
        assert_eq!(chosen(NoticeKind::UrgentMessage, &anna, NIGHT), [mail, (Channel::Sms, None)]);
        anna.preferences.notifications.quiet_hours = None;
        assert_eq!(chosen(NoticeKind::RefillDue, &anna, NIGHT), [mail, (Channel::Sms, None)]);
    }

    #[test]
    fn people_choose_what_they_are_written_about_and_how() {
        let mut anna = profile(true, true);
        assert_eq!(chosen(NoticeKind::OrderShipped, &anna, NOON), [(Channel::Mail, None)], "SMS are asked for");
        assert_eq!(chosen(NoticeKind::OrderPacked, &anna, NOON), []);
        anna.preferences.notifications.kinds = Topics { orders: false, consultations: false, ..Topics::default() };
        assert_eq!(chosen(NoticeKind::OrderShipped, &anna, NOON), []);
        assert_eq!(chosen(NoticeKind::PrescriptionApproved, &anna, NOON), [(Channel::Mail, None)]);
        anna.preferences.notifications.email = false;
        assert_eq!(chosen(NoticeKind::PrescriptionApproved, &anna, NOON), []);
        for obliged in [NoticeKind::Chargeback, NoticeKind::UrgentMessage] {
            assert_eq!(chosen(obliged, &anna, NOON), [(Channel::Mail, None)], "{obliged:?}");
        }
    }

    #[test]
    fn what_was_called_back_is_told_on_every_way_at_any_hour_whatever_was_turned_off() {
        let mut anna = profile(true, true);
        let settings = &mut anna.preferences.notifications;
        settings.kinds = Topics { orders: false, ..Topics::default() };
        (settings.email, settings.sms) = (false, false);
        let ways = [(Channel::Mail, None), (Channel::Sms, None)];
        assert_eq!(chosen(NoticeKind::OrderRecalled, &anna, NIGHT), ways);
        assert_eq!(chosen(NoticeKind::OrderRecalled, &profile(false, true), NIGHT), ways[1..]);
        assert_eq!(chosen(NoticeKind::OrderRecalled, &profile(true, false), NIGHT), ways[..1]);
    }

    #[test]
    fn nobody_is_written_to_about_a_cart_who_has_not_asked_for_it() {
        let mut anna = profile(true, true);
        assert_eq!(chosen(NoticeKind::CartWaiting, &anna, NOON), []);
        anna.preferences.notifications.kinds.carts = true;
        assert_eq!(chosen(NoticeKind::CartWaiting, &anna, NOON), [(Channel::Mail, None)]);
        assert_eq!(chosen(NoticeKind::CartWaiting, &anna, NIGHT), [(Channel::Mail, Some(at(MORNING)))]);
    }

    #[test]
    fn a_new_device_is_told_whatever_was_turned_off_by_mail_or_else_by_telephone() {
        let mut anna = profile(true, true);
        (anna.preferences.notifications.email, anna.preferences.notifications.sms) = (false, false);
        assert_eq!(chosen(NoticeKind::NewDevice, &anna, NIGHT), [(Channel::Mail, None)]);
        assert_eq!(chosen(NoticeKind::NewDevice, &profile(false, true), NIGHT), [(Channel::Sms, None)]);
    }

    #[test]
    fn who_has_no_address_is_told_by_telephone_what_must_be_told() {
        let anna = profile(false, true);
        assert_eq!(chosen(NoticeKind::OrderReleased, &anna, NOON), [(Channel::Sms, None)]);
        assert_eq!(chosen(NoticeKind::OrderReleased, &anna, NIGHT), [(Channel::Sms, Some(at(MORNING)))]);
        assert_eq!(chosen(NoticeKind::OrderCancelled, &anna, NOON), []);
        assert_eq!(chosen(NoticeKind::OrderReleased, &profile(false, false), NOON), []);
        assert_eq!(chosen(NoticeKind::OrderReleased, &profile(true, true), NOON), [(Channel::Mail, None)]);
    }
}
