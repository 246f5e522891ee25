//! Who people are to the pharmacy: their profile with its picture, and their address book.

pub mod address;
mod address_book;
mod contact;
mod country;
mod erasure_store;
mod external;
mod external_store;
mod notification_settings;
mod phone;
mod picture;
mod privacy;
mod profile;
mod profiles;
mod store;
mod view;

pub use crate::platform::language::Language;
pub use address_book::{AddressBook, MAX_ADDRESSES};
pub use contact::{Contacts, Email};
pub use country::Country;
pub use external::ExternalIdentity;
pub use external_store::{ExternalIdentities, Link, LinkedIdentity};
pub use notification_settings::{Notifications, QuietHours, SetNotificationsRequest, TimeOfDay, Topics};
pub use phone::Phone;
pub use picture::{Checked, MAX_BYTES as MAX_PICTURE_BYTES, PictureUpload, ProfilePictures};
pub use privacy::{
    Group, MAX_USERS as MAX_SHARED_WITH, Privacy, PrivacyView, SharedProfileView, SharedWith, Sight, Viewer,
};
pub use profile::{
    FullName, Preferences, Profile, ProfileChange, ProfilePicture, Sex, UpdateProfileRequest, Visibility,
};
pub use profiles::Profiles;
pub use store::AccountStore;
pub use view::ProfileView;
