//! The program and its library, tried as a whole: one module a subject, in one binary, so that what they
//! share is compiled and linked once. `cargo test --test it SUBJECT::` runs one of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::too_many_lines,
    clippy::case_sensitive_file_extension_comparisons,
    unreachable_pub
)]

#[path = "../support/mod.rs"]
mod support;

mod bulk;
mod cached;
mod cli;
mod clicks;
mod complete;
mod cuts;
mod editor;
mod export;
mod facets;
mod flags;
mod flow;
mod follow;
mod frames;
mod gallery;
mod generate;
mod help;
mod hostile;
mod hour;
mod ids;
mod inherit;
mod layering;
mod links;
mod log_damage;
mod log_files;
mod logs;
mod looks;
mod notes;
mod numbers;
mod other_logs;
mod others;
mod overruled;
mod pages;
mod palette;
mod pictures;
mod plain;
mod pty;
mod queries;
mod row_numbers;
mod screens;
mod settings;
mod settling;
mod sizes;
mod stale;
mod steady;
mod ticks;
mod twins;
mod undoing;
mod unseen;
mod words;
