//! JSONL: one post a line. A bad line costs itself and nothing else.

use std::io;
use std::ops::ControlFlow;

use super::fault::Fault;
use super::object::too_long;
use super::sniff::{Layout, layout};
use super::{Emit, Format, MAX_RECORD_BYTES, Piece, Stem, object, skip_byte_order_mark};
use crate::corpus::Place;
use crate::corpus::problem::EXCERPT_BYTES;
use crate::corpus::window::Window;

/// Its row in the table.
pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    extensions: &["jsonl", "ndjson"],
    sniff: |head| matches!(layout(head), Layout::Lines | Layout::Either),
    split,
    parse: object::parse,
    extension_decides: false,
    stem: Stem::Never,
};

fn split(window: &mut Window<'_>, emit: Emit<'_>) -> io::Result<ControlFlow<()>> {
    skip_byte_order_mark(window)?;
    let mut line = 1_u32;
    // How much of the window is known to hold no line end.
    let mut scanned = 0;
    loop {
        let (bytes, offset) = (window.bytes(), window.offset());
        let mut start = 0;
        for newline in memchr::memchr_iter(b'\n', bytes.get(scanned..).unwrap_or_default()) {
            let newline = scanned + newline;
            let text = bytes.get(start..newline).unwrap_or_default();
            if emit_line(text, offset + start as u64, line, true, emit).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            start = newline + 1;
            line = line.saturating_add(1);
        }
        window.consume(start);
        scanned = window.bytes().len();
        if scanned > MAX_RECORD_BYTES {
            if skip_line(window, line, emit)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            line = line.saturating_add(1);
            scanned = 0;
        } else if !window.fill()? {
            return Ok(emit_line(window.bytes(), window.offset(), line, false, emit));
        }
    }
}

fn emit_line(line: &[u8], offset: u64, number: u32, finished: bool, emit: Emit<'_>) -> ControlFlow<()> {
    let lead = line.len() - line.trim_ascii_start().len();
    let bytes = line.trim_ascii();
    if bytes.is_empty() {
        return ControlFlow::Continue(());
    }
    let offset = offset + lead as u64;
    if bytes.len() > MAX_RECORD_BYTES {
        return emit(Piece::Fault { offset, line: number, fault: long_line(bytes), bytes });
    }
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    emit(Piece::Record { place: Place { offset, length, line: number }, bytes, finished })
}

/// Passes over a line that is too long to be held, in the memory of the window alone.
fn skip_line(window: &mut Window<'_>, number: u32, emit: Emit<'_>) -> io::Result<ControlFlow<()>> {
    let head = window.bytes();
    let fault = Piece::Fault { offset: window.offset(), line: number, fault: long_line(head), bytes: head };
    if emit(fault).is_break() {
        return Ok(ControlFlow::Break(()));
    }
    loop {
        if let Some(newline) = memchr::memchr(b'\n', window.bytes()) {
            window.consume(newline + 1);
            return Ok(ControlFlow::Continue(()));
        }
        window.consume(window.bytes().len());
        if emit(Piece::Passed { offset: window.offset() }).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        if !window.fill()? {
            return Ok(ControlFlow::Continue(()));
        }
    }
}

fn long_line(line: &[u8]) -> Fault {
    let only_nul = line.iter().take(EXCERPT_BYTES).all(|byte| *byte == 0);
    let advice = "possible crash damage: look for the lost records in a backup";
    if only_nul { Fault::rejected("NUL bytes", "JSON text").advise(advice) } else { too_long() }
}
