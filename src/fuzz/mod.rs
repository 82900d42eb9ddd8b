//! What must hold whatever the bytes are, one function a target of `fuzz/run`. Each panics where it does
//! not hold. `cargo test` runs them over the seeds in `fuzz/seeds`.

#![expect(clippy::missing_panics_doc, reason = "to panic is what they are for")]

mod desk;
mod input;
mod json;
mod log;
mod page;
mod plain;

pub use desk::desk;
pub use input::input;
pub use json::json;
pub use log::log;
pub use page::page;
pub use plain::{keys, query, safe};

/// A target: any bytes go in, and it ends.
pub type Target = fn(&[u8]);

/// Every target, by the name of its folder of seeds.
pub const TARGETS: [(&str, Target); 8] = [
    ("page", page),
    ("json", json),
    ("log", log),
    ("safe", safe),
    ("query", query),
    ("keys", keys),
    ("input", input),
    ("desk", desk),
];

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::fs;
    use std::path::Path;

    use super::TARGETS;

    #[test]
    fn every_seed_holds_whole_cut_and_doubled() {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
        for (name, target) in TARGETS {
            let mut count = 0;
            for seed in fs::read_dir(seeds.join(name)).unwrap() {
                let bytes = fs::read(seed.unwrap().path()).unwrap();
                target(&bytes);
                target(&bytes[..bytes.len() / 2]);
                target(&bytes.repeat(2));
                count += 1;
            }
            assert!(count > 0, "{name} has no seeds");
        }
    }

    #[test]
    fn every_target_has_a_program() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
        let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
        for (name, _) in TARGETS {
            let program = fs::read_to_string(fuzz.join(format!("fuzz_targets/{name}.rs"))).unwrap();
            assert!(program.contains(&format!("copydesk::fuzz::{name}(bytes)")), "{name}");
            assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
        }
    }

    /// The packages of a lock file: their names, versions and what each needs.
    fn locked(text: &str) -> HashMap<String, (String, Vec<String>)> {
        let lock: toml::Table = toml::from_str(text).unwrap();
        let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
        let package = |package: &toml::Value| {
            let needs = package.get("dependencies").and_then(toml::Value::as_array);
            let needs =
                needs.into_iter().flatten().map(|need| text(need).split(' ').next().unwrap().to_owned());
            (
                format!("{} {}", text(&package["name"]), text(&package["version"])),
                (text(&package["name"]), needs.collect()),
            )
        };
        lock["package"].as_array().unwrap().iter().map(package).collect()
    }

    /// What is fuzzed is what is built: the same packages in the same versions.
    #[test]
    fn the_lock_of_the_targets_is_that_of_the_program() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
        let (program, targets) = (locked(&read("Cargo.lock")), locked(&read("fuzz/Cargo.lock")));
        let own = ["copydesk-fuzz", "libfuzzer-sys", "arbitrary", "jobserver"];
        let strange = |(package, (name, _)): &(&String, &(String, Vec<String>))| {
            !own.contains(&name.as_str()) && !program.contains_key(*package)
        };
        let strange: Vec<_> = targets.iter().filter(strange).map(|(package, _)| package).collect();
        assert!(strange.is_empty(), "not in Cargo.lock: {strange:?}");
        let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
        let (_, needs) = targets.values().find(|(name, _)| name == "copydesk").unwrap();
        for name in manifest["dependencies"].as_table().unwrap().keys() {
            assert!(needs.contains(name), "fuzz/Cargo.lock is stale: {name} is not in it");
        }
    }
}
