//! From what a person types to the posts that pass, in order. One engine for the list, the command
//! line and everything that acts on many posts.

mod blanks;
mod complete;
mod counter;
mod date;
mod decisions;
mod engine;
mod error;
mod facet;
pub mod field;
pub mod fuzzy;
mod lex;
mod matching;
mod names;
mod now;
mod other_logs;
mod parse;
mod refine;
mod standings;
mod syntax;
pub mod tally;
#[cfg(test)]
mod testing;
mod view;

pub use blanks::blanks_apart;
pub use complete::{Candidate, Completion, Place, Taken, Wanted};
pub use counter::{Answer, Counter, Question};
pub use date::{Age, DateRange};
pub use engine::{Engine, Found, Posts, Stop, run};
pub use error::{QueryError, nearest};
pub use facet::{Facet, FacetValue, Facets};
pub use field::{FIELDS, Field};
pub use names::Names;
pub use now::Now;
pub use other_logs::{OtherLog, other_logs};
pub use refine::{with_term, without_term};
pub use standings::{Badge, Standings};
pub use syntax::{Expr, NumberRange, Query, SortKey, Term, Text};
pub use view::View;
