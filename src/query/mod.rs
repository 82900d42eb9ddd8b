//! From what a person types to the posts that pass, in order. One engine for the list, the command
//! line and everything that acts on many posts.

mod error;
pub mod field;
mod fuzzy;
mod lex;
mod parse;
mod run;
mod sort;
mod standings;
mod syntax;
mod view;

pub use error::QueryError;
pub use field::{FIELDS, Field, Subject};
pub use run::run;
pub use standings::{Badge, Standings};
pub use syntax::{Expr, NumberRange, Query, SortKey, Term};
pub use view::View;
