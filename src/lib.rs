//! copydesk: the desk where posts are read before they go out.

pub mod app;
pub mod cli;
pub mod corpus;
pub mod export;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
pub mod generate;
pub mod model;
pub mod page;
pub mod query;
pub mod review;
pub mod runtime;
pub mod ui;
