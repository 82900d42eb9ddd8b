//! Power cuts: an ext4 file system on a loop device that is shut down without a flush while a
//! process decides, and mounted again.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::Outcome;
use crate::bench::{Acks, Found, Mounted, Random, has, is_root, seed};
use crate::writer::Orders;

fn done(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

pub(crate) fn run(rounds: usize) -> Outcome {
    if !is_root() {
        return Outcome::Skipped("only root may mount a file system".to_owned());
    }
    if let Some(missing) = ["mkfs.ext4", "mount", "gcc"].into_iter().find(|tool| !has(tool)) {
        return Outcome::Skipped(format!("there is no {missing}"));
    }
    let folder = tempfile::tempdir().unwrap();
    let (image, disk, cut) =
        (folder.path().join("image"), folder.path().join("disk"), folder.path().join("cut"));
    fs::create_dir(&disk).unwrap();
    fs::File::create(&image).unwrap().set_len(64 << 20).unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/cut.c");
    let ready = done(Command::new("gcc").arg("-o").arg(&cut).arg(&source))
        .and_then(|()| done(Command::new("mkfs.ext4").arg("-q").arg(&image)))
        .and_then(|()| mount(&image, &disk));
    if let Err(why) = ready {
        return Outcome::Skipped(why);
    }
    let _mounted = Mounted(&disk);
    cuts(rounds, folder.path(), &image, &disk, &cut)
}

fn mount(image: &Path, disk: &Path) -> Result<(), String> {
    done(Command::new("mount").args(["-o", "loop"]).arg(image).arg(disk))
}

fn cuts(rounds: usize, folder: &Path, image: &Path, disk: &Path, cut: &Path) -> Outcome {
    let seed = seed();
    let mut random = Random::new(seed);
    let (mut safe, mut refused) = (0, 0);
    for round in 0..rounds {
        // Now and then a new log, whose very name may be lost.
        let place = disk.join(format!("logs-{}", round / 4));
        let _ = fs::create_dir(&place);
        let _ = fs::File::open(disk).and_then(|disk| disk.sync_all());
        let mut orders = Orders::new(&place, "mara", 100_000);
        orders.acks = folder.join(format!("acks-{}", round / 4));
        orders.batch = [1, 10][random.below(2)];
        let mut child = orders.command().stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(u64::try_from(2_000 + random.below(60_000)).unwrap()));
        // In a real cut nothing is acknowledged after it. Here a sync that is under way while the
        // file system is shut down may still return, and say that all is well.
        let acks = Acks::read(&orders.acks);
        if let Err(why) = done(Command::new(cut).arg(disk)) {
            let _ = child.kill();
            let _ = child.wait();
            return Outcome::Skipped(why);
        }
        let _ = child.kill();
        child.wait().unwrap();
        let again = done(Command::new("umount").arg(disk)).and_then(|()| mount(image, disk));
        if let Err(why) = again {
            return Outcome::Broken(format!("after cut {round}: {why}"));
        }
        let Ok(found) = Found::in_log(&orders.log) else {
            refused += 1;
            continue;
        };
        let lost = Acks::lost(&acks.safe, &found);
        safe += acks.safe.len();
        // What was not safe may be gone. What was is what the next cut must leave, too.
        let kept: Vec<String> = acks.safe.iter().map(|id| format!("\ns {id} .")).collect();
        fs::write(&orders.acks, kept.concat()).unwrap();
        if !lost.is_empty() {
            return Outcome::Broken(format!(
                "after cut {round} (CRASH_SEED={seed}): {} decisions with a sync lost: {lost:?}",
                lost.len()
            ));
        }
    }
    if refused > 0 {
        return Outcome::Broken(format!("{refused} of {rounds} logs could not be opened any more"));
    }
    Outcome::Held(format!(
        "{rounds} cuts of 4 a log, {safe} decisions acknowledged as on the disk before a cut and looked for after it: 0 lost, 0 refused openings"
    ))
}
