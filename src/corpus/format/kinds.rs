//! What a text file is that no reader takes, for the sentence that refuses it.

use super::{Fault, formats_read};

/// A kind of text file.
struct Kind {
    /// As it is called in a sentence.
    name: &'static str,
    /// The extensions of its files, lower case.
    extensions: &'static [&'static str],
    /// What its files begin with, lower case.
    begins: &'static [&'static str],
}

/// The kinds, in the order in which they are tried.
const KINDS: &[Kind] = &[
    Kind { name: "CSV", extensions: &["csv"], begins: &[] },
    Kind { name: "TSV", extensions: &["tsv", "tab"], begins: &[] },
    Kind { name: "Markdown", extensions: &["md", "markdown", "mdx", "mdown"], begins: &["---\n", "+++\n"] },
    Kind {
        name: "HTML",
        extensions: &["html", "htm", "xhtml"],
        begins: &["<!doctype html", "<html", "<head", "<body"],
    },
    Kind {
        name: "XML",
        extensions: &["xml", "rss", "atom", "wxr", "svg"],
        begins: &["<?xml", "<rss", "<feed"],
    },
    Kind { name: "YAML", extensions: &["yaml", "yml"], begins: &["%yaml"] },
    Kind { name: "TOML", extensions: &["toml"], begins: &[] },
    Kind { name: "a style sheet", extensions: &["css", "scss", "sass", "less"], begins: &[] },
    Kind {
        name: "source code",
        extensions: &[
            "js", "mjs", "cjs", "ts", "jsx", "tsx", "vue", "astro", "py", "rb", "php", "sh", "bash", "pl",
            "r", "c", "h", "cc", "cpp", "hpp", "go", "rs", "java", "kt", "lua", "sql", "ipynb",
        ],
        begins: &["#!", "<?php", "window.", "var ", "const ", "import "],
    },
    Kind { name: "BibTeX", extensions: &["bib"], begins: &[] },
    Kind { name: "reStructuredText", extensions: &["rst"], begins: &[] },
    Kind { name: "AsciiDoc", extensions: &["adoc", "asciidoc"], begins: &[] },
    Kind { name: "Org", extensions: &["org"], begins: &["#+title"] },
    Kind { name: "TeX", extensions: &["tex", "latex"], begins: &["\\documentclass"] },
];

/// Why a text file is not read: its kind, what is read, and the way on.
pub(crate) fn unread(extension: Option<&str>, head: &[u8]) -> Fault {
    let extension = extension.unwrap_or_default().to_ascii_lowercase();
    let head = head.trim_ascii_start();
    let begins = |kind: &&Kind| {
        let is_start = |start: &&str| {
            head.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
        };
        kind.begins.iter().any(is_start)
    };
    let named = KINDS.iter().find(|kind| kind.extensions.contains(&extension.as_str()));
    match named.or_else(|| KINDS.iter().find(begins)) {
        Some(kind) => Fault::rejected(format!("what looks like {}", kind.name), formats_read())
            .advise("convert it to JSONL, or read it as one plain text with --as page"),
        None => Fault::rejected("plain text without a `post meta` line", formats_read())
            .advise("give it a name that ends in .txt, or read it as one post with --as page"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_told_by_the_name_or_the_first_bytes() {
        for (extension, head, found) in [
            (Some("CSV"), "id,title\n", "what looks like CSV"),
            (Some("md"), "# a title", "what looks like Markdown"),
            (Some("bak"), "---\ntitle: a\n---\n", "what looks like Markdown"),
            (None, "\n<!DOCTYPE html>\n<title>a</title>", "what looks like HTML"),
            (Some("js"), "window.x = []", "what looks like source code"),
            (None, "#!/bin/sh\n", "what looks like source code"),
            (None, "a title\n\nwords", "plain text without a `post meta` line"),
        ] {
            let fault = unread(extension, head.as_bytes());
            assert_eq!(fault.found, found, "{head}");
            assert!(fault.advice.contains("--as page"));
        }
    }
}
