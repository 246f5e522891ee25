//! What is known of a person, and what they may change of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::contact::{Contacts, Email};
use super::notification_settings::Notifications;
use super::phone::Phone;
use super::privacy::SharedWith;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::fields::{Change, FieldErrors, Invalid, Patch, all};
use crate::platform::ids::{PictureId, UserId};
use crate::platform::language::Language;
use crate::platform::money::Currency;
use crate::platform::text;
use crate::platform::wording;

/// A person's whole name, as they write it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FullName(String);

impl FullName {
    /// Reads a name: one line of at most 100 characters.
    ///
    /// # Errors
    /// Empty, too long, or with control characters.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        text::line(name, 100).map(Self)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for FullName {
    /// Hidden: a name has no place in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FullName(…)")
    }
}

impl TryFrom<String> for FullName {
    type Error = Invalid;

    fn try_from(name: String) -> Result<Self, Invalid> {
        Self::parse(&name)
    }
}

impl From<FullName> for String {
    fn from(name: FullName) -> Self {
        name.0
    }
}

/// FHIR administrative gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither of the two.
    Other,
    /// Not known, or not said.
    Unknown,
}

/// Who else may see a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Nobody.
    #[default]
    Private,
    /// Everybody.
    Public,
    /// Those whom the owner names.
    Shared,
}

/// How a person likes to be served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Preferences {
    /// BCP 47.
    pub language: Language,
    /// ISO 4217.
    #[schema(value_type = String, example = "USD")]
    pub currency: Currency,
    /// How they may be written to.
    pub notifications: Notifications,
}

impl Preferences {
    /// What everybody starts with.
    pub fn standard(currency: Currency) -> Self {
        Self { language: Language::default(), currency, notifications: Notifications::default() }
    }
}

/// A profile picture that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfilePicture {
    /// Which.
    pub id: PictureId,
    /// Where it lies in the media bucket.
    pub key: String,
}

/// What is known of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Who.
    pub id: UserId,
    /// What they sign in with, if they have one: it is proven to be theirs.
    pub email: Option<Email>,
    /// The same, where it is a telephone.
    pub phone: Option<Phone>,
    /// Their name.
    pub full_name: Option<FullName>,
    /// When they were born.
    pub date_of_birth: Option<Date>,
    /// FHIR administrative gender.
    pub sex: Option<Sex>,
    /// What others see of them.
    pub picture: Option<ProfilePicture>,
    /// The upload that was started last and has not been checked yet.
    pub pending_picture: Option<PictureId>,
    /// Keys of earlier pictures that are still to be deleted from the bucket.
    #[serde(default)]
    pub retired_pictures: Vec<String>,
    /// Who else may see it.
    pub visibility: Visibility,
    /// Whom it is shared with; nobody unless it is `shared`.
    #[serde(default)]
    pub shared_with: SharedWith,
    /// How they like to be served.
    pub preferences: Preferences,
    /// Grows with every change that can be seen.
    pub version: u64,
    /// Since when.
    pub created_at: Timestamp,
}

impl Profile {
    /// How they are reached: enough for them to know it by, and for nobody else. The beginning of their id where they are
    /// not reached at all.
    pub fn masked_contact(&self) -> String {
        let email = self.email.as_ref().map(Email::masked);
        let contact = email.or_else(|| self.phone.as_ref().map(Phone::masked));
        contact.unwrap_or_else(|| self.id.as_str().chars().take(8).collect())
    }

    /// A new person, of whom little is known yet.
    pub fn new(
        id: UserId,
        contacts: Contacts,
        full_name: Option<FullName>,
        currency: Currency,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            email: contacts.email,
            phone: contacts.phone,
            full_name,
            date_of_birth: None,
            sex: None,
            picture: None,
            pending_picture: None,
            retired_pictures: Vec::new(),
            visibility: Visibility::default(),
            shared_with: SharedWith::default(),
            preferences: Preferences::standard(currency),
            version: 1,
            created_at: now,
        }
    }
}

/// A change of the profile as a request carries it: absent keeps, `null` clears.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct UpdateProfileRequest {
    /// At most 100 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    full_name: Patch<String>,
    /// Neither in the future nor more than 130 years ago.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    date_of_birth: Patch<String>,
    /// FHIR administrative gender.
    #[serde(default)]
    #[schema(value_type = Option<Sex>)]
    sex: Patch<Sex>,
    /// `null` goes back to the standard ones.
    #[serde(default)]
    #[schema(value_type = Option<UpdatePreferencesRequest>)]
    preferences: Patch<UpdatePreferencesRequest>,
}

/// A change of the preferences; `null` goes back to the standard.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct UpdatePreferencesRequest {
    /// The language.
    #[serde(default)]
    #[schema(value_type = Option<Language>)]
    language: Patch<Language>,
    /// ISO 4217.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    currency: Patch<String>,
    /// How they may be written to.
    #[serde(default)]
    #[schema(value_type = Option<UpdateNotificationsRequest>)]
    notifications: Patch<UpdateNotificationsRequest>,
}

/// A change of the ways a person may be written to; `null` goes back to the standard, with all that
/// `PUT /v1/profile/notifications` sets.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct UpdateNotificationsRequest {
    /// By e-mail.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    email: Patch<bool>,
    /// By SMS.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    sms: Patch<bool>,
}

/// What is to be changed of a profile; the rest stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    full_name: Change<FullName>,
    date_of_birth: Change<Date>,
    sex: Change<Sex>,
    preferences: Change<PreferencesChange>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct PreferencesChange {
    language: Change<Language>,
    currency: Change<Currency>,
    notifications: Change<NotificationsChange>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct NotificationsChange {
    email: Change<bool>,
    sms: Change<bool>,
}

/// The oldest that anybody has become, with some years to spare.
const MAX_AGE_MONTHS: u32 = 130 * 12;

fn date_of_birth(text: &str, today: Date) -> Result<Date, Invalid> {
    let day = Date::parse(text)?;
    if day > today || day < today.minus_months(MAX_AGE_MONTHS) {
        return Err(Invalid::new("out_of_range", wording::field::a_birthday()));
    }
    Ok(day)
}

impl UpdateProfileRequest {
    /// The change, when all of it is valid on the day `today`.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self, today: Date) -> Result<ProfileChange, FieldErrors> {
        let (full_name, date_of_birth, sex, preferences) = all((
            self.full_name.parse("full_name", |text| FullName::parse(&text)),
            self.date_of_birth.parse("date_of_birth", |text| date_of_birth(&text, today)),
            self.sex.parse("sex", Ok),
            self.preferences.nested("preferences", UpdatePreferencesRequest::check),
        ))?;
        Ok(ProfileChange { full_name, date_of_birth, sex, preferences })
    }
}

impl UpdatePreferencesRequest {
    fn check(self) -> Result<PreferencesChange, FieldErrors> {
        let (language, currency, notifications) = all((
            self.language.parse("language", Ok),
            self.currency.parse("currency", |text| Currency::parse(&text)),
            self.notifications.nested("notifications", UpdateNotificationsRequest::check),
        ))?;
        Ok(PreferencesChange { language, currency, notifications })
    }
}

impl UpdateNotificationsRequest {
    fn check(self) -> Result<NotificationsChange, FieldErrors> {
        let (email, sms) = all((self.email.parse("email", Ok), self.sms.parse("sms", Ok)))?;
        Ok(NotificationsChange { email, sms })
    }
}

impl ProfileChange {
    /// The profile after the change; its version is the store's affair.
    pub fn apply(self, profile: Profile, standard: Preferences) -> Profile {
        Profile {
            full_name: self.full_name.apply(profile.full_name),
            date_of_birth: self.date_of_birth.apply(profile.date_of_birth),
            sex: self.sex.apply(profile.sex),
            preferences: match self.preferences {
                Change::Keep => profile.preferences,
                Change::Clear => standard,
                Change::Set(change) => change.apply(profile.preferences, standard),
            },
            ..profile
        }
    }
}

impl PreferencesChange {
    fn apply(self, current: Preferences, standard: Preferences) -> Preferences {
        Preferences {
            language: self.language.apply(Some(current.language)).unwrap_or(standard.language),
            currency: self.currency.apply(Some(current.currency)).unwrap_or(standard.currency),
            notifications: match self.notifications {
                Change::Keep => current.notifications,
                Change::Clear => standard.notifications,
                Change::Set(change) => change.apply(current.notifications, standard.notifications),
            },
        }
    }
}

impl NotificationsChange {
    fn apply(self, current: Notifications, standard: Notifications) -> Notifications {
        Notifications {
            email: self.email.apply(Some(current.email)).unwrap_or(standard.email),
            sms: self.sms.apply(Some(current.sms)).unwrap_or(standard.sms),
            ..current
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::fields;

    fn today() -> Date {
        Date::parse("2026-06-15").unwrap()
    }

    fn profile() -> Profile {
        Profile::new(
            UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap(),
            Email::parse("anna@example.org").unwrap().into(),
            Some(FullName::parse("Anna K").unwrap()),
            Currency::parse("USD").unwrap(),
            Timestamp::from_millis(0),
        )
    }

    fn change(body: Value) -> Result<Profile, FieldErrors> {
        let change = fields::from_json::<UpdateProfileRequest>(body)?.check(today())?;
        Ok(change.apply(profile(), profile().preferences))
    }

    #[test]
    fn absent_keeps_null_clears_value_sets() {
        let changed = change(json!({"full_name": null, "sex": "female", "preferences": {"language": "ne"}})).unwrap();
        assert_eq!((changed.full_name, changed.sex), (None, Some(Sex::Female)));
        assert_eq!(changed.preferences.language, Language::Nepali);
        assert_eq!(changed.preferences.notifications, Notifications::default());
        assert_eq!(change(json!({})).unwrap(), profile());
    }

    #[test]
    fn every_field_at_fault_is_named_to_its_depth() {
        let errors = change(json!({"date_of_birth": "2026-06-16", "sex": "f",
            "preferences": {"language": "fr", "currency": "usd", "notifications": {"sms": "yes"}}}))
        .unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(
            named,
            [
                ("date_of_birth", "out_of_range"),
                ("sex", "unknown_value"),
                ("preferences.language", "unknown_value"),
                ("preferences.currency", "invalid_currency"),
                ("preferences.notifications.sms", "wrong_type"),
            ]
        );
    }

    #[test]
    fn what_is_not_the_persons_to_change_is_unknown() {
        for field in ["id", "email", "roles", "visibility", "shared_with", "version", "picture"] {
            let errors = change(json!({ field: "x" })).unwrap_err();
            assert_eq!((errors[0].field.as_str(), errors[0].code), (field, "unknown"));
        }
    }

    #[test]
    fn birthdays_are_of_the_living() {
        for (day, good) in [("2026-06-15", true), ("1896-06-15", true), ("1896-06-14", false), ("2026-06-16", false)] {
            assert_eq!(change(json!({"date_of_birth": day})).is_ok(), good, "{day}");
        }
    }
}
