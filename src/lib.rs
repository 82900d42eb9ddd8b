//! copydesk: the desk where posts are read before they go out.

pub mod corpus;
pub mod model;
pub mod query;
pub mod review;
