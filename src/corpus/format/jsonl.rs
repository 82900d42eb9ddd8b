//! JSONL: one post a line. A bad line costs itself and nothing else.

use std::io;
use std::ops::{ControlFlow, Range};

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
    title: "JSONL",
    extensions: &["jsonl", "ndjson"],
    sniff: |head| matches!(layout(head), Layout::Lines | Layout::Either),
    split,
    split_lines: Some(split_lines),
    parse: object::parse,
    extension_decides: false,
    rows_of_json: true,
    stem: Stem::Never,
};

/// Blank lines alone give no chance to stop, so one is given behind this much. Unit: bytes.
const MAX_BLANKS: usize = 64 << 10;

fn split(window: &mut Window<'_>, emit: Emit<'_>) -> io::Result<ControlFlow<()>> {
    let all = 0..window.end();
    Ok(split_lines(window, &all, emit)?.map_continue(|_| ()))
}

/// Finds the lines that begin in a range. Lines are counted from the first of them; gives how many
/// of them end.
fn split_lines(
    window: &mut Window<'_>,
    range: &Range<u64>,
    emit: Emit<'_>,
) -> io::Result<ControlFlow<(), u32>> {
    if range.start == 0 {
        skip_byte_order_mark(window)?;
    } else {
        // A line begins here if the byte before ends one.
        window.seek(range.start - 1);
        match pass_line(window, range.end, emit)? {
            ControlFlow::Continue(true) => {}
            ControlFlow::Continue(false) => return Ok(ControlFlow::Continue(0)),
            ControlFlow::Break(()) => return Ok(ControlFlow::Break(())),
        }
    }
    let mut line = 1_u32;
    // How much of the window is known to hold no line end.
    let mut scanned = 0;
    while window.offset() < range.end {
        let (bytes, offset) = (window.bytes(), window.offset());
        let mut start = 0;
        for newline in memchr::memchr_iter(b'\n', bytes.get(scanned..).unwrap_or_default()) {
            if offset + start as u64 >= range.end {
                break;
            }
            let newline = scanned + newline;
            let text = bytes.get(start..newline).unwrap_or_default();
            if emit_line(text, offset + start as u64, line, true, emit).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            start = newline + 1;
            line = line.saturating_add(1);
        }
        let passed = bytes.get(..start).is_some_and(|passed| passed.len() > MAX_BLANKS);
        window.consume(start);
        if passed && emit(Piece::Passed { offset: window.offset() }).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        scanned = window.bytes().len();
        if window.offset() >= range.end {
            break;
        }
        if scanned > MAX_RECORD_BYTES {
            if emit(long_line_at(window, line)).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            line = line.saturating_add(1);
            scanned = 0;
            match pass_line(window, range.end, emit)? {
                ControlFlow::Continue(true) => {}
                ControlFlow::Continue(false) => break,
                ControlFlow::Break(()) => return Ok(ControlFlow::Break(())),
            }
        } else if !window.fill()? {
            return Ok(
                emit_line(window.bytes(), window.offset(), line, false, emit).map_continue(|()| line - 1)
            );
        }
    }
    Ok(ControlFlow::Continue(line - 1))
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

fn long_line_at<'a>(window: &'a Window<'_>, line: u32) -> Piece<'a> {
    let head = window.bytes();
    Piece::Fault { offset: window.offset(), line, fault: long_line(head), bytes: head }
}

/// Passes over the rest of a line in the memory of the window alone; `false` where the file ends
/// with it, or where it goes on beyond `end` and is not ours to pass.
fn pass_line(window: &mut Window<'_>, end: u64, emit: Emit<'_>) -> io::Result<ControlFlow<(), bool>> {
    loop {
        if let Some(newline) = memchr::memchr(b'\n', window.bytes()) {
            window.consume(newline + 1);
            return Ok(ControlFlow::Continue(true));
        }
        window.consume(window.bytes().len());
        if window.offset() >= end {
            return Ok(ControlFlow::Continue(false));
        }
        if emit(Piece::Passed { offset: window.offset() }).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        if !window.fill()? {
            return Ok(ControlFlow::Continue(false));
        }
    }
}

fn long_line(line: &[u8]) -> Fault {
    let only_nul = line.iter().take(EXCERPT_BYTES).all(|byte| *byte == 0);
    let advice = "possible crash damage: look for the lost records in a backup";
    if only_nul { Fault::rejected("NUL bytes", "JSON text").advise(advice) } else { too_long() }
}
