//! Plain data: what a post is, what a decision says, and which text may reach a terminal.
//!
//! This layer reads no file, knows no screen and starts no thread.

pub mod article;
mod characters;
pub mod checklist;
pub mod clock;
pub mod day;
pub mod digest;
pub mod document;
pub mod escape;
pub mod figures;
pub mod host;
pub mod link;
pub mod meta;
pub mod names;
pub mod outline;
pub mod post;
pub mod status;
pub mod suspicion;
pub mod text;
pub mod value;

pub use article::{Passage, passages};
pub use day::Day;
pub use digest::Digest;
pub use document::Document;
pub use escape::{escaped, unescaped};
pub use link::{Link, NoLink, links_of};
pub use outline::Outline;
pub use post::{Claims, Post, PostId};
pub use status::Status;
pub use text::{Safe, revealed, safe};
pub use value::Value;
