//! The `copydesk` program. Everything is in the library.

fn main() {}
