//! What is wrong with which post, one line of JSON each.

use super::defect::Plan;
use super::post;
use super::theme::write_number;

/// Writes the line of a post that has defects; nothing for one that is sound.
pub(super) fn write(out: &mut Vec<u8>, index: u64, plan: &Plan) {
    if plan.is_sound() {
        return;
    }
    out.extend_from_slice(b"{\"id\":\"");
    post::write_id(out, index);
    out.extend_from_slice(b"\",\"index\":");
    write_number(out, index);
    let mut before: &[u8] = b",\"kinds\":[\"";
    for defect in plan.defects() {
        out.extend_from_slice(before);
        out.extend_from_slice(defect.name().as_bytes());
        before = b"\",\"";
    }
    out.extend_from_slice(b"\"]");
    if let Some(original) = plan.original() {
        out.extend_from_slice(b",\"of\":\"");
        post::write_id(out, original);
        out.push(b'"');
    }
    out.extend_from_slice(b"}\n");
}
