//! A file system that is really full: decisions are refused, told, and taken once there is room.

use std::fs;
use std::process::Command;

use crate::Outcome;
use crate::bench::{Acks, Found, Mounted, is_root};
use crate::writer::Orders;

pub(crate) fn run(_rounds: usize) -> Outcome {
    if !is_root() {
        return Outcome::Skipped("only root may mount a file system".to_owned());
    }
    let folder = tempfile::tempdir().unwrap();
    let small = folder.path().join("small");
    fs::create_dir(&small).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&small).output();
    if !mounted.as_ref().is_ok_and(|output| output.status.success()) {
        return Outcome::Skipped(format!("a tmpfs could not be mounted: {mounted:?}"));
    }
    let _mounted = Mounted(&small);
    let ballast = small.join("ballast");
    fs::write(&ballast, vec![0; 16 * 1024]).unwrap();
    let mut orders = Orders::new(&small, "mara", 400);
    // The acknowledgements stand where there is room.
    orders.acks = folder.path().join("acks");
    assert!(orders.command().status().unwrap().success());
    let (before, found) = (Acks::read(&orders.acks), Found::in_log(&orders.log).unwrap());
    let lost = Acks::lost(&before.safe, &found).len();
    if before.unsaved.is_empty() || before.safe.is_empty() || lost > 0 || found.bad_lines > 0 {
        return Outcome::Broken(format!(
            "{} safe, {} told to be not saved, {lost} lost, {} bad lines on a full file system",
            before.safe.len(),
            before.unsaved.len(),
            found.bad_lines
        ));
    }
    fs::remove_file(&ballast).unwrap();
    orders.count = 5;
    assert!(orders.command().status().unwrap().success());
    let (after, found) = (Acks::read(&orders.acks), Found::in_log(&orders.log).unwrap());
    let lost = Acks::lost(&after.safe, &found).len();
    if after.safe.len() != before.safe.len() + 5 || lost > 0 || found.bad_lines > 0 {
        return Outcome::Broken(format!(
            "with room again: {} safe, {lost} lost, {} bad lines",
            after.safe.len(),
            found.bad_lines
        ));
    }
    Outcome::Held(format!(
        "{} decisions until it was full, then {} refused and told; 5 more with room again: 0 lost, 0 half records",
        before.safe.len(),
        before.unsaved.len()
    ))
}
