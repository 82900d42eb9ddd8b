//! What must hold of a post beside the term that is being typed.

use super::place::Place;
use crate::query::lex::{TokenKind, lex};

impl Place {
    /// What must hold of a post beside the term that is being typed, for it to pass by this term: candidates
    /// are counted in the posts that pass this query. What stands in other branches of an `or` is no part of
    /// it, and whether it is negated is of no matter.
    ///
    /// ```
    /// use copydesk::query::Place;
    ///
    /// let text = "(stack:go or lang:go stack:py) score>=70";
    /// assert_eq!(Place::of(text, 29).unwrap().rest(text), "lang:go score>=70");
    /// ```
    pub fn rest(&self, text: &str) -> String {
        let before = text.get(..self.term.start).unwrap_or_default();
        let behind = text.get(self.term.end..).unwrap_or_default();
        let mut kept = kept_before(before);
        kept.extend(kept_behind(behind));
        kept.join(" ")
    }
}

/// Of the text before a term the pieces that must hold beside it.
fn kept_before(text: &str) -> Vec<&str> {
    // Of each parenthesis that is open: where it begins, and what must hold in it.
    let mut levels: Vec<(usize, Vec<&str>)> = vec![(0, Vec::new())];
    for token in lex(text).unwrap_or_default() {
        let end = token.span.end;
        let piece = text.get(token.span).unwrap_or_default();
        match token.kind {
            TokenKind::Open => levels.push((end - piece.len(), Vec::new())),
            TokenKind::Close if levels.len() > 1 => {
                let group = levels.pop().and_then(|(start, _)| text.get(start..end));
                levels.last_mut().into_iter().for_each(|(_, kept)| kept.extend(group));
            }
            _ => {
                let Some((_, kept)) = levels.last_mut() else { continue };
                if piece.eq_ignore_ascii_case("or") { kept.clear() } else { kept.push(piece) }
            }
        }
    }
    let is_joining = |piece: &&str| ["-", "and", "not"].iter().any(|sign| piece.eq_ignore_ascii_case(sign));
    for (_, kept) in &mut levels {
        // What joined the term or its parenthesis to the one before it would be left alone.
        while kept.last().is_some_and(is_joining) {
            kept.pop();
        }
    }
    levels.into_iter().flat_map(|(_, kept)| kept).collect()
}

/// The same of the text behind it.
fn kept_behind(text: &str) -> Vec<&str> {
    let (mut depth, mut is_other) = (0_usize, false);
    let mut kept = Vec::new();
    for token in lex(text).unwrap_or_default() {
        let piece = text.get(token.span).unwrap_or_default();
        match token.kind {
            // The parenthesis that the term stands in ends, and with it the branch beside it.
            TokenKind::Close if depth == 0 => {
                is_other = false;
                continue;
            }
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ if depth == 0 && piece.eq_ignore_ascii_case("or") => is_other = true,
            _ => {}
        }
        if !is_other {
            kept.push(piece);
        }
    }
    kept
}
